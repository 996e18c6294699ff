import { createServer, type RequestListener, type Server } from 'node:http';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { readPage, sumOf } from '../support/metrics-page.js';
import { PATIENCE } from '../support/patience.js';

const MODEL = 'openai/gpt-4o';
const QUESTION = { model: MODEL, messages: [{ role: 'user', content: 'How are you?' }] };

interface Health {
  readonly status: string;
  readonly source: string;
  readonly health_score: number | null;
  readonly uptime_24h: number | null;
}

/** A provider that nobody calls, with its address. */
async function startProvider(answer: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
}

const TWO_ROUNDS_MS = PATIENCE * 4_000;

/** Rounds are a second apart here, and half a minute in production. */
describe('the health of providers', () => {
  let busy: Sandbox;
  let idle: Sandbox;
  let silent: { server: Server; url: string };
  let tired: { server: Server; url: string };
  let refusals = 0;
  let env: Record<string, string>;
  let gateway: Gateway;

  beforeAll(async () => {
    const aliases = { 'gpt-4o': 'echo-1', 'llama-3.3-70b-versatile': 'echo-1' } as const;
    [busy, idle] = await Promise.all([startSandbox({ aliases }), startSandbox({ aliases })]);
    silent = await startProvider(() => undefined);
    tired = await startProvider((_, response) => {
      refusals += 1;
      response.writeHead(429, { 'retry-after': '600' }).end('{}');
    });
    env = {
      OPENAI_API_KEY: 'sk-first-key-0123456789',
      OPENAI_BASE_URL: busy.url,
      GROQ_API_KEY: 'sk-second-key-0123456789',
      GROQ_BASE_URL: idle.url,
      AZURE_OPENAI_API_KEY: 'sk-third-key-0123456789',
      AZURE_OPENAI_ENDPOINT: 'http://127.0.0.1:9',
      MISTRAL_API_KEY: 'sk-fourth-key-0123456789',
      MISTRAL_BASE_URL: silent.url,
      DEEPSEEK_API_KEY: 'sk-fifth-key-0123456789',
      DEEPSEEK_BASE_URL: tired.url,
      HEALTH_INTERVAL_MS: '1000',
      BREAKER_FAULTS_IN_ROW: '1000',
      BREAKER_MINIMUM: '1000',
    };
    gateway = await startGateway({ env });
  });

  afterAll(async () => {
    await gateway.stop();
    await Promise.all([busy.close(), idle.close()]);
    for (const { server } of [silent, tired]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const json = async <Body>(path: string) => (await gateway.call(path)).json() as Promise<Body>;
  const health = (id: string) => json<Health>(`/health/providers/${id}`);
  const ask = async (times: number) => {
    for (let call = 0; call < times; call += 1)
      await (await gateway.chat({ ...QUESTION, provider: { only: ['openai'] } })).text();
  };

  it('comes from traffic where there is some, from probes where there is none, and is unknown without both', async () => {
    await ask(6);
    await eventually(async () => {
      expect(await health('openai')).toMatchObject({ status: 'healthy', source: 'traffic', attempts: 6, gateways: 1 });
      expect(await health('groq')).toMatchObject({ status: 'healthy', source: 'probes', attempts: 0 });
      expect(await health('azure')).toMatchObject({ status: 'unknown', health_score: null });
    });
    const page = readPage(await (await gateway.call('/metrics')).text());
    expect(sumOf(page, 'provider_availability', { provider: 'openai' })).toBe(1);
    expect(page.filter(({ labels }) => labels['provider'] === 'azure')).toEqual([]);
  });

  it('is bad within two rounds when a provider breaks, and good again when it is well', async () => {
    busy.schedule(Array.from({ length: 10 }, () => ({ fault: 'status' as const, status: 500 })));
    idle.refuseConnections(TWO_ROUNDS_MS);
    await ask(10);
    await eventually(async () => {
      expect(await health('openai')).toMatchObject({ status: 'unhealthy', error_rate: 0.625, faults: 10 });
      expect(await health('groq')).toMatchObject({ status: 'unhealthy', availability: 0 });
    }, TWO_ROUNDS_MS);
    await ask(40);
    await eventually(async () => {
      expect(await health('openai')).toMatchObject({ availability: 1, faults: 10 });
      expect(await health('groq')).toMatchObject({ status: 'healthy' });
    }, 2 * TWO_ROUNDS_MS);
  });

  it('is not asked again of a provider that wants some rest, and a silent one holds nobody up', async () => {
    // One question was for its list of models, at the start.
    expect(refusals).toBe(2);
    expect(await health('deepseek')).toMatchObject({ status: 'unknown' });
    await eventually(async () => {
      expect(await health('mistral')).toMatchObject({ status: 'unhealthy', availability: 0 });
    }, 30_000);
  }, 40_000);

  it('is told of models, with their uptime', async () => {
    expect(await json(`/health/models/${MODEL}`)).toMatchObject({
      id: MODEL,
      object: 'model.health',
      offers: expect.arrayContaining([
        expect.objectContaining({ provider: 'openai', uptime_24h: expect.closeTo(46 / 56, 3) as number }),
      ]) as object[],
    });
    expect(await json('/health/models')).toMatchObject({ data: [{ id: MODEL }] });
    expect((await gateway.call('/health/models/nobody/knows-this')).status).toBe(404);
    expect((await gateway.call('/health/providers/nobody')).status).toBe(404);
  });

  it('is told to administrators under their own address, too', async () => {
    expect(await json('/api/monitoring/health')).toMatchObject({
      providers: ['azure', 'deepseek', 'groq', 'mistral', 'ollama', 'openai'].map(
        (id) => expect.objectContaining({ id, object: 'provider.health' }) as object,
      ),
    });
    expect(await json('/api/monitoring/health/openai')).toMatchObject({ id: 'openai' });
  });

  it('of the gateway itself is a word for everybody, and figures for administrators', async () => {
    const words = (await (await fetch(`${gateway.url}/health/system`)).json()) as { checks: object };
    expect(words).toEqual({
      status: 'ok',
      checks: {
        database: 'up',
        redis: 'up',
        event_loop: 'up',
        memory: 'up',
        disk: 'up',
        journal: 'up',
        leader: 'up',
        backends: 'up',
      },
    });
    expect(await json('/health/system')).toMatchObject({
      details: {
        redis: { state: 'not_configured' },
        leader: { is_leader: true },
        memory: { rss_bytes: expect.any(Number) as number },
        backends: { database: expect.any(String) as string },
      },
    });
    const stranger = await fetch(`${gateway.url}/health/system`, { headers: { authorization: 'Bearer gw_live_x' } });
    expect(stranger.status).toBe(401);
  });

  it('is known again after a restart, and so is the uptime of the day', async () => {
    await ask(6);
    await eventually(async () => {
      expect(await health('openai')).toMatchObject({
        source: 'traffic',
        uptime_24h: expect.closeTo(52 / 62, 3) as number,
      });
    });
    const before = await health('openai');
    await gateway.stop();
    gateway = await startGateway({ env: { ...env, HEALTH_INTERVAL_MS: '3600000' }, after: gateway });
    await eventually(async () => {
      const { status, health_score } = before;
      expect(await health('openai')).toMatchObject({ source: 'memory', status, health_score, attempts: 0 });
    });
    await gateway.stop();
    gateway = await startGateway({ env, after: gateway });
    await eventually(async () => {
      expect(await health('openai')).toMatchObject({ attempts: 0, uptime_24h: before.uptime_24h });
    });
  }, 60_000);
});
