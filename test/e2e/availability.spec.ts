import { answersStatus, completes } from '../support/chat-answers.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { ScriptedServer } from '../support/scripted-server.js';

const MODEL = 'openai/gpt-4o';

interface Offer {
  readonly provider: string;
  readonly status: string;
  readonly reason: string | null;
  readonly success_rate: number | null;
}

describe('availability', () => {
  let first: ScriptedServer;
  let second: ScriptedServer;
  let gateway: Gateway;

  beforeAll(async () => {
    first = await ScriptedServer.start(answersStatus(404));
    second = await ScriptedServer.start(answersStatus(404));
    const env = {
      OPENAI_API_KEY: 'sk-first-key-0123456789',
      OPENAI_BASE_URL: first.url,
      OPENROUTER_API_KEY: 'sk-second-key-0123456789',
      OPENROUTER_BASE_URL: second.url,
    };
    await begin(() => startGateway({ env }));
  });

  /** Each gateway asks for the lists of models first, and gets none. */
  async function begin(start: () => Promise<Gateway>): Promise<void> {
    for (const server of [first, second]) {
      server.requests.length = 0;
      server.answer = answersStatus(404);
    }
    gateway = await start();
    await eventually(() => {
      expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
    });
    first.answer = completes('From the first');
    second.answer = completes('From the second');
  }

  afterAll(async () => {
    await gateway.stop();
    await first.close();
    await second.close();
  });

  const read = async (path: string): Promise<Record<string, unknown>> => {
    const response = await gateway.call(`/availability/${path}`);
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, unknown>;
  };
  const offerOf = async (provider: string): Promise<Offer | undefined> => {
    const { offers } = (await read(`model/${MODEL}`)) as unknown as { offers: Offer[] };
    return offers.find((offer) => offer.provider === provider);
  };
  const plan = (id: string, body: object) =>
    gateway.call(`/availability/maintenance/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const end = (id: string) => gateway.call(`/availability/maintenance/${id}`, { method: 'DELETE' });
  const ask = async (provider?: object): Promise<Response> => {
    const response = await gateway.chat({ model: MODEL, messages: [{ role: 'user', content: 'Hi' }], provider });
    await response.text();
    return response;
  };
  const providerOf = async (): Promise<string | null> => (await ask()).headers.get('x-gatewayz-provider');

  it('knows nothing of what nobody asked', async () => {
    expect(await read('model/gpt-4o')).toMatchObject({ id: MODEL, status: 'unknown' });
    expect(await offerOf('openai')).toMatchObject({ status: 'unknown', success_rate: null, uptime_24h: null });
    const { data, total } = (await read('models?provider=openrouter&status=unknown&limit=2')) as {
      data: object[];
      total: number;
    };
    expect(data).toHaveLength(2);
    expect(total).toBeGreaterThan(2);
  });

  it('comes from real traffic', async () => {
    for (let call = 0; call < 5; call += 1) await ask({ only: ['openai'] });
    await eventually(async () => {
      expect(await offerOf('openai')).toMatchObject({
        status: 'available',
        breaker: 'closed',
        attempts: 5,
        success_rate: 1,
        uptime_24h: 1,
        latency_p50_ms: expect.any(Number) as number,
      });
    });
    expect(await read(`model/${encodeURIComponent(MODEL)}`)).toMatchObject({ status: 'available' });
    expect(await read('models?status=available')).toMatchObject({ total: 1, data: [{ id: MODEL }] });
  });

  it('tells who is best, and who stands behind when that one fails', async () => {
    first.answer = answersStatus(500);
    for (let call = 0; call < 5; call += 1) await ask({ order: ['openai'] });
    first.answer = completes('From the first');
    await eventually(async () => {
      expect(await offerOf('openai')).toMatchObject({ status: 'unavailable', reason: 'breaker_open', breaker: 'open' });
    });
    expect(await read(`best/${MODEL}`)).toMatchObject({ model: MODEL, provider: 'openrouter' });
    expect(await read(`fallback/${MODEL}`)).toMatchObject({ best: 'openrouter', data: [] });
    await gateway.call('/circuit-breakers/openai/reset', { method: 'POST' });
    await eventually(async () => {
      expect(await read(`fallback/${MODEL}`)).toMatchObject({
        best: 'openrouter',
        data: [{ provider: 'openai', status: 'degraded', reason: 'failing' }],
      });
    });
  });

  it('keeps calls away from what is in maintenance, and says so', async () => {
    const planned = await plan('openrouter', { reason: 'moves house' });
    expect([planned.status, await planned.json()]).toMatchObject([200, { id: 'openrouter', until: null }]);
    expect(await providerOf()).toBe('openai');
    expect(await offerOf('openrouter')).toMatchObject({
      status: 'maintenance',
      reason: 'maintenance',
      maintenance: { reason: 'moves house' },
    });
    expect(await read('summary')).toMatchObject({
      providers: [{ provider: 'openai' }, { provider: 'openrouter', status: 'maintenance' }],
      maintenance: [{ id: 'openrouter', reason: 'moves house' }],
    });

    expect((await plan('openai:gpt-4o', {})).status).toBe(200);
    const nobody = await ask();
    expect(nobody.status).toBe(503);
    const best = await gateway.call(`/availability/best/${MODEL}`);
    expect([best.status, await best.json()]).toMatchObject([503, { error: { code: 'no_provider_available' } }]);

    expect((await end(`openai:${MODEL}`)).status).toBe(204);
    expect((await end('openrouter')).status).toBe(204);
    expect((await end('openrouter')).status).toBe(404);
    expect((await ask({ only: ['openrouter'] })).status).toBe(200);
  });

  it('has times, and heeds them', async () => {
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    expect((await plan(MODEL, { from: inMs(3_600_000), until: inMs(7_200_000) })).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect((await plan(MODEL, { until: inMs(700) })).status).toBe(200);
    expect((await ask()).status).toBe(503);
    await eventually(async () => {
      expect((await ask()).status).toBe(200);
    });
  });

  it.each([
    ['a-name-of-nothing', {}, 404, null],
    ['groq:openai/gpt-4o', {}, 404, null],
    [MODEL, { until: '2020-01-01T00:00:00Z' }, 400, 'until'],
    [MODEL, { from: '2026-W01' }, 400, 'from'],
    [MODEL, { from: '+010000-01-01T00:00:00Z' }, 400, 'from'],
    [MODEL, { since: '2020-01-01T00:00:00Z' }, 400, 'since'],
  ])('refuses maintenance of %s with %j', async (id, body, status, param) => {
    const response = await plan(id, body);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { param } }]);
  });

  it('is written down, and survives a restart', async () => {
    await plan('openai', { reason: 'outlives us' });
    const { data } = (await (await gateway.call('/admin/audit-logs?resource=maintenance:openai')).json()) as {
      data: object[];
    };
    expect(data).toMatchObject([{ action: 'maintenance.planned', detail: { reason: 'outlives us', until: null } }]);
    await gateway.stop();
    await begin(() => gateway.restart());
    await eventually(async () => {
      expect(await offerOf('openai')).toMatchObject({ status: 'maintenance' });
    }, 30_000);
    expect(await providerOf()).toBe('openrouter');
    expect((await end('openai')).status).toBe(204);
  });
});
