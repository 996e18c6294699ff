import type { Behaviour } from '../../src/sandbox/behaviour.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { readStream } from '../support/event-stream.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';

/** One provider of each dialect, and a model of it that the simulated provider answers for. */
const DIALECTS = [
  { dialect: 'openai', model: 'gpt-4o', base: '/v1', key: 'OPENAI_API_KEY' },
  { dialect: 'anthropic', model: 'claude-haiku-4-5', base: '/v1', key: 'ANTHROPIC_API_KEY' },
  { dialect: 'google', model: 'gemini-2.5-flash', base: '/v1beta', key: 'GEMINI_API_KEY' },
] as const;
const SPARE = 'sandbox/echo-1';

/** What goes wrong before the first token; `blames` says whether the breaker counts it. */
const BEFORE: readonly (readonly [phase: string, behaviour: Behaviour, blames: boolean])[] = [
  ['connect', { fault: 'refuse' }, true],
  ['status 500', { fault: 'status', status: 500 }, true],
  ['status 503', { fault: 'status', status: 503 }, true],
  ['status 529', { fault: 'status', status: 529 }, false],
  ['status 429', { fault: 'status', status: 429 }, false],
  ['status 401', { fault: 'status', status: 401 }, false],
  ['status 404', { fault: 'status', status: 404 }, false],
  ['no head', { fault: 'silence' }, true],
  ['a head only', { fault: 'silent_stream' }, true],
  ['a page', { fault: 'not_json' }, true],
  ['a failure at once', { fault: 'error_frame', after: 0 }, true],
  ['nothing said', { fault: 'empty' }, true],
];
/** What goes wrong once something was said; a plain reply has not begun then. */
const AMID: readonly (readonly [phase: string, behaviour: Behaviour])[] = [
  ['cut', { fault: 'cut', after: 2 }],
  ['a stall', { fault: 'stall', after: 2 }],
  ['an early end', { fault: 'end_early', after: 2 }],
  ['a failure', { fault: 'error_frame', after: 2 }],
];

describe.each(DIALECTS)('$dialect in trouble', ({ dialect, model, base, key }) => {
  let primary: Sandbox;
  let spare: Sandbox;
  let gateway: Gateway;
  const id = `${dialect}/${model}`;

  beforeAll(async () => {
    primary = await startSandbox({ aliases: { [model]: 'echo-1' } });
    spare = await startSandbox();
    const variables = dialect.toUpperCase();
    gateway = await startGateway({
      env: {
        [key]: 'a-key-of-the-operator',
        [`${variables}_BASE_URL`]: primary.url.replace(/\/v1$/, base),
        [`${variables}_FIRST_TOKEN_TIMEOUT_MS`]: '300',
        [`${variables}_IDLE_TIMEOUT_MS`]: '300',
        SANDBOX_BASE_URL: spare.url,
      },
    });
    await eventually(async () => {
      expect((await gateway.call(`/v1/models/${id}`)).status).toBe(200);
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await primary.close();
    await spare.close();
  });

  beforeEach(async () => {
    primary.reset();
    spare.reset();
    await gateway.call(`/circuit-breakers/${dialect}/reset`, { method: 'POST' });
  });

  const ask = (stream: boolean, body: object = {}): Promise<Response> =>
    gateway.chat({ model: id, models: [SPARE], stream, messages: [{ role: 'user', content: 'Hello' }], ...body });

  const faults = async (): Promise<number> => {
    const page = await (await gateway.call('/metrics')).text();
    return Number(new RegExp(`circuit_breaker_failures_total\\{provider="${dialect}"\\} (\\d+)`).exec(page)?.[1] ?? 0);
  };

  /** What a call is recorded to have cost its caller. */
  const paid = async (response: Response): Promise<number> => {
    const generation = await gateway.call(`/v1/generations/${response.headers.get('x-request-id') ?? ''}`);
    return ((await generation.json()) as { cost: number }).cost;
  };

  async function expectSpare(response: Response, stream: boolean): Promise<void> {
    const { headers } = response;
    expect({
      status: response.status,
      provider: headers.get('x-gatewayz-provider'),
      attempts: headers.get('x-gatewayz-attempts'),
    }).toEqual({ status: 200, provider: 'sandbox', attempts: '2' });
    if (stream) expect((await readStream(response)).events.at(-1)).toBe('[DONE]');
    else expect(await response.text()).toContain('You said: Hello');
    expect(await paid(response)).toBeGreaterThan(0);
  }

  it.each([false, true])('is asked alone while it answers (stream: %s)', async (stream) => {
    const response = await ask(stream);
    expect(response.headers.get('x-gatewayz-provider')).toBe(dialect);
    const text = stream ? (await readStream(response)).text : await response.text();
    expect(text).toContain('You said: Hello');
    expect(await paid(response)).toBeGreaterThan(0);
  });

  it.each(BEFORE.flatMap((line) => [[...line, false] as const, [...line, true] as const]))(
    'before the first token: %s',
    async (...[, behaviour, blames, stream]) => {
      const before = await faults();
      primary.schedule([behaviour]);
      await expectSpare(await ask(stream), stream);
      expect((await faults()) - before).toBe(blames ? 1 : 0);
    },
  );

  it.each(AMID)('amid a plain reply: %s', async (_, behaviour) => {
    const before = await faults();
    primary.schedule([behaviour]);
    await expectSpare(await ask(false), false);
    expect((await faults()) - before).toBe(1);
  });

  it.each(AMID)('amid a stream: %s', async (_, behaviour) => {
    const before = await faults();
    primary.schedule([behaviour]);
    const response = await ask(true, { stream_options: { include_usage: true } });
    const { text, chunks, events } = await readStream(response);
    expect(text.length).toBeGreaterThan(0);
    expect(chunks.at(-1)).toHaveProperty('error');
    expect(chunks.at(-2)).toHaveProperty('usage');
    expect(events.at(-1)).toBe('[DONE]');
    expect(response.headers.get('x-gatewayz-attempts')).toBe('1');
    expect(await paid(response)).toBe(0);
    expect((await faults()) - before).toBe(1);
  });

  it('is not asked again for what is the fault of the request', async () => {
    primary.schedule([{ fault: 'status', status: 400 }]);
    const response = await ask(false);
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([400, null]);
    expect(spare.requests.filter(({ path }) => path.includes('chat'))).toHaveLength(0);
  });

  it('is left alone after five faults, and asked again when it may have recovered', async () => {
    primary.schedule(Array.from({ length: 5 }, () => ({ fault: 'status' as const, status: 500 })));
    for (let call = 0; call < 5; call += 1) await (await ask(false)).text();
    const count = primary.requests.length;
    const response = await ask(false);
    expect(response.headers.get('x-gatewayz-attempts')).toBe('1');
    expect(primary.requests).toHaveLength(count);
    const { data } = (await (await gateway.call('/circuit-breakers')).json()) as { data: object[] };
    expect(data).toContainEqual(expect.objectContaining({ provider: dialect, model: id, state: 'open' }));
  });
});
