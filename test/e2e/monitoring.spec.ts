import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';

const MODEL = 'openai/gpt-4o';
const GOOD = 6;

/** What administrators see of calls, after some that went well, one that another provider saved, and one that failed. */
describe('monitoring', () => {
  let first: Sandbox;
  let second: Sandbox;
  let gateway: Gateway;

  const ask = async (more: object = {}) => {
    const body = { model: MODEL, messages: [{ role: 'user', content: 'How is it going?' }], ...more };
    await (await gateway.chat(body)).text();
  };
  const json = async <Body>(path: string) => (await gateway.call(`/api/monitoring/${path}`)).json() as Promise<Body>;

  beforeAll(async () => {
    const aliases = { 'gpt-4o': 'echo-1', 'openai/gpt-4o': 'echo-1' } as const;
    [first, second] = await Promise.all([startSandbox({ aliases }), startSandbox({ aliases })]);
    gateway = await startGateway({
      env: {
        OPENAI_API_KEY: 'sk-first-key-0123456789',
        OPENAI_BASE_URL: first.url,
        OPENROUTER_API_KEY: 'sk-second-key-0123456789',
        OPENROUTER_BASE_URL: second.url,
        SETTLEMENT_INTERVAL_MS: '50',
      },
    });
    const inOrder = { provider: { order: ['openai', 'openrouter'] } };
    for (let call = 0; call < GOOD; call += 1) await ask(inOrder);
    first.schedule([{ fault: 'status', status: 503 }]);
    await ask(inOrder);
    first.schedule([{ fault: 'status', status: 500 }]);
    await ask({ provider: { only: ['openai'] } });
    await eventually(async () => {
      const { providers } = await json<{ providers: { requests: number }[] }>('providers/comparison');
      expect(providers.reduce((sum, { requests }) => sum + requests, 0)).toBe(GOOD + 2);
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await Promise.all([first.close(), second.close()]);
  });

  const number = expect.any(Number) as number;

  it('compares providers', async () => {
    expect(await json('providers/comparison?hours=1')).toEqual({
      hours: 1,
      providers: [
        expect.objectContaining({
          provider: 'openai',
          requests: GOOD + 1,
          completed: GOOD,
          failed: 1,
          // Also the attempt that another provider made good for.
          attempts: GOOD + 2,
          failed_attempts: 2,
          latency_p95_ms: number,
          // Only streams tell how fast a model writes.
          tokens_per_second: null,
          cost_per_thousand_tokens: number,
        }),
        expect.objectContaining({ provider: 'openrouter', requests: 1, error_rate: 0 }),
      ],
    });
  });

  it('lists failed attempts, also those that nobody noticed', async () => {
    const { errors } = await json<{ errors: object[] }>('errors/openai');
    expect(errors).toMatchObject([
      { model_id: MODEL, call_status: 'failed', reason: 'status' },
      { model_id: MODEL, call_status: 'completed', reason: 'status' },
    ]);
    expect(await json('errors/openai?limit=1')).toMatchObject({ errors: [{}], has_more: true });
    expect(await json('errors/openrouter')).toMatchObject({ errors: [], has_more: false });
  });

  it.each([
    [
      'stats/realtime',
      { in_progress: {}, last_five_minutes: { providers: [{ provider: 'openai', requests: GOOD + 1 }, {}] } },
    ],
    [
      'stats/hourly/openai',
      { data: [{ requests: GOOD + 1, input_tokens: number, cost: expect.any(String) as string }] },
    ],
    [
      `latency/openai/${MODEL}`,
      {
        samples: GOOD,
        latency_p50_ms: number,
        histogram: expect.arrayContaining([{ up_to_ms: null, calls: 0 }]) as object[],
      },
    ],
    ['latency-trends/openai', { data: [{ samples: GOOD, latency_p95_ms: number }] }],
    [
      'error-rates',
      {
        offers: [{ provider: 'openai', model: MODEL, failed: 1, failed_attempts: 2 }, {}],
        over_time: [{ requests: GOOD + 2 }],
      },
    ],
    [`token-efficiency/openai/${MODEL}`, { requests: GOOD + 1, output_per_input_token: number }],
    [
      'cost-analysis',
      {
        by_provider: [{ provider: 'openai', margin: expect.any(String) as string, own_key_fees: '0.000000000' }, {}],
        by_model: [{ model: MODEL }],
        by_day: [{ requests: GOOD + 2 }],
      },
    ],
    ['circuit-breakers', { object: 'list' }],
    ['anomalies', { object: 'list', data: [], has_more: false }],
  ])('answers %s', async (path, expected) => {
    expect(await json(path)).toMatchObject(expected);
  });

  it.each([
    ['errors/nobody', 404],
    ['stats/hourly/nobody', 404],
    ['latency/openai/nobody/knows-this', 404],
    ['stats/hourly/openai?hours=0', 400],
    ['cost-analysis?days=9999', 400],
    ['anomalies?state=sleepy', 400],
  ])('answers %s with %d', async (path, status) => {
    expect((await gateway.call(`/api/monitoring/${path}`)).status).toBe(status);
  });
});
