import {
  answersStatus,
  breaksOffAfter,
  chunk,
  completes,
  endsAfter,
  event,
  isSilent,
  stallsAfter,
} from '../support/chat-answers.js';
import { readStream } from '../support/event-stream.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { ScriptedServer, type Answer } from '../support/scripted-server.js';
import { transactionsOf, type TransactionRow } from '../support/stopped-database.js';

const MODEL = 'openai/gpt-4o';
/** Without it the gateway would soon begin with the second, which never fails. */
const IN_ORDER = { model: MODEL, provider: { order: ['openai', 'openrouter'] } };
const ROLE = chunk({ role: 'assistant', content: '' });
const TOKEN = chunk({ content: 'Once' });
const IN_BAND = event({ error: { message: 'overloaded', type: 'server_error' } });

type Trouble = Answer | 'refuses connections';

/** What makes the gateway go on to the next provider, and how the metrics call it. */
const TROUBLES: readonly (readonly [name: string, trouble: Trouble, reason: string])[] = [
  ['refuses connections', 'refuses connections', 'connect'],
  ['answers 500', answersStatus(500), 'status'],
  ['answers 408', answersStatus(408), 'timeout'],
  ['answers 429', answersStatus(429, { 'retry-after': '30' }), 'rate_limited'],
  ['does not let our account in', answersStatus(401), 'account'],
  ['has dropped the model', answersStatus(404), 'model_gone'],
  ['is silent', isSilent, 'timeout'],
  ['is silent after the head', stallsAfter(), 'timeout'],
  ['is silent after the role', stallsAfter(ROLE), 'timeout'],
  ['breaks off before the head', (response) => response.destroy(), 'cut'],
  ['breaks off after the head', breaksOffAfter(), 'cut'],
];

/** Further ones that only a stream, or only a plain reply, can have. */
const STREAM_TROUBLES: typeof TROUBLES = [
  ['breaks off after the role', breaksOffAfter(ROLE), 'cut'],
  ['ends without a token', endsAfter(ROLE), 'cut'],
  ['ends at once', endsAfter('data: [DONE]\n\n'), 'empty'],
  ['reports a failure first', endsAfter(IN_BAND), 'in_band'],
];
const PLAIN_TROUBLES: typeof TROUBLES = [
  ['answers with a page', endsAfter('<html></html>'), 'undecodable'],
  ['answers without choices', endsAfter('{"choices":[]}'), 'empty'],
  ['breaks off halfway', breaksOffAfter('{"choices":[{"index":0'), 'cut'],
];

describe('two providers that serve the same model', () => {
  let first: ScriptedServer;
  let second: ScriptedServer;
  let gateway: Gateway;
  /** What is to be found in the database at the end, by request id. */
  const expected = new Map<string, Partial<TransactionRow> & { isPaid: boolean }>();

  beforeAll(async () => {
    first = await ScriptedServer.start(answersStatus(404));
    second = await ScriptedServer.start(answersStatus(404));
    gateway = await startGateway({
      env: {
        OPENAI_API_KEY: 'sk-first-key-0123456789',
        OPENAI_BASE_URL: first.url,
        OPENAI_FIRST_TOKEN_TIMEOUT_MS: '300',
        OPENAI_IDLE_TIMEOUT_MS: '300',
        OPENROUTER_API_KEY: 'sk-second-key-0123456789',
        OPENROUTER_BASE_URL: second.url,
        OPENROUTER_FIRST_TOKEN_TIMEOUT_MS: '600',
      },
    });
    // Both lists of models were asked for, in vain: what the public list says goes on to hold.
    await eventually(() => {
      expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
    });
  });

  beforeEach(async () => {
    // What went wrong in the test before would keep calls away.
    for (const id of ['openai', 'openrouter']) await gateway.call(`/circuit-breakers/${id}/reset`, { method: 'POST' });
    await script(completes('From the first'), completes('From the second'));
  });

  afterEach(async () => {
    if (!first.isListening) await first.listen();
  });

  afterAll(async () => {
    await gateway.stop();
    await first.close();
    await second.close();
  });

  async function script(ofFirst: Trouble, ofSecond: Answer): Promise<void> {
    if (ofFirst === 'refuses connections') await first.close();
    else first.answer = ofFirst;
    second.answer = ofSecond;
    first.requests.length = 0;
    second.requests.length = 0;
  }

  const ask = (body: object = {}, init: RequestInit = {}): Promise<Response> =>
    gateway.chat({ ...IN_ORDER, messages: [{ role: 'user', content: 'Hi' }], ...body }, init);

  function settles(response: Response, row: Partial<TransactionRow> & { isPaid: boolean }): void {
    expected.set(response.headers.get('x-request-id') ?? '', row);
  }

  const failovers = async (reason: string): Promise<number> => {
    const page = await (await gateway.call('/metrics')).text();
    const labels = `from_provider="openai",to_provider="openrouter",reason="${reason}"`;
    return Number(new RegExp(`gatewayz_failovers_total\\{${labels}\\} (\\d+)`).exec(page)?.[1] ?? 0);
  };

  function expectServedBySecond(response: Response): void {
    const { status, headers } = response;
    expect({
      status,
      provider: headers.get('x-gatewayz-provider'),
      attempts: headers.get('x-gatewayz-attempts'),
    }).toEqual({ status: 200, provider: 'openrouter', attempts: '2' });
    expect(second.requests).toHaveLength(1);
    settles(response, { status: 'completed', provider_id: 'openrouter', attempts: 2, isPaid: true });
  }

  it('are asked in turn: while the first answers, the second is left alone', async () => {
    const response = await ask();
    expect(((await response.json()) as { choices: unknown[] }).choices).toMatchObject([
      { message: { content: 'From the first' } },
    ]);
    expect(response.headers.get('x-gatewayz-provider')).toBe('openai');
    expect(response.headers.get('x-gatewayz-attempts')).toBe('1');
    expect(second.requests).toEqual([]);
    settles(response, { status: 'completed', provider_id: 'openai', attempts: 1, isPaid: true });
  });

  describe.each([...TROUBLES, ...PLAIN_TROUBLES])('when the first %s', (_, trouble, reason) => {
    it('the second answers a plain request', async () => {
      const before = await failovers(reason);
      await script(trouble, completes('From the second'));
      const response = await ask();
      expectServedBySecond(response);
      expect(await response.json()).toMatchObject({
        choices: [{ message: { content: 'From the second' } }],
        usage: { completion_tokens: 5, cost: expect.any(Number) as number },
      });
      expect(await failovers(reason)).toBe(before + 1);
    });
  });

  describe.each([...TROUBLES, ...STREAM_TROUBLES])('when the first %s', (_, trouble, reason) => {
    it('the second answers a stream, and nothing of the first is in it', async () => {
      const before = await failovers(reason);
      await script(trouble, completes('From the second'));
      const response = await ask({ stream: true, stream_options: { include_usage: true } });
      expectServedBySecond(response);
      const { text, chunks, events } = await readStream(response);
      expect(text).toBe('From the second');
      expect(chunks.filter(({ choices = [] }) => choices[0]?.delta.role)).toHaveLength(1);
      expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
      expect(events.at(-1)).toBe('[DONE]');
      expect(await failovers(reason)).toBe(before + 1);
    });
  });

  const bothFail: [string, Answer, Answer, object][] = [
    [
      'both answer 500',
      answersStatus(500),
      answersStatus(503),
      { status: 502, code: 'provider_error', retry: 'false' },
    ],
    ['both are silent', isSilent, isSilent, { status: 504, code: 'provider_timeout', retry: 'false' }],
    ['both refuse our account', answersStatus(401), answersStatus(402), { status: 502, retry: 'false' }],
    ['they fail differently', answersStatus(429), isSilent, { status: 502, code: 'provider_error', retry: 'false' }],
    [
      'both have no capacity',
      answersStatus(429, { 'retry-after': '30' }),
      answersStatus(429, { 'retry-after-ms': '4000' }),
      { status: 429, type: 'rate_limit_error', code: 'upstream', retry: null, after: '4' },
    ],
  ];

  it.each(bothFail.flatMap((line) => [[...line, false] as const, [...line, true] as const]))(
    'when %s nobody pays',
    async (_, ofFirst, ofSecond, outcome, stream) => {
      await script(ofFirst, ofSecond);
      const response = await ask({ stream });
      const { error } = (await response.json()) as { error: { message: string } };
      const { status, headers } = response;
      expect({
        status,
        ...error,
        retry: headers.get('x-should-retry'),
        after: headers.get('retry-after'),
      }).toMatchObject(outcome);
      // What a provider says to us about our account is none of the caller's business.
      expect(error.message).not.toContain('Said by the provider');
      expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
      settles(response, { status: 'failed', attempts: 2, isPaid: false });
    },
  );

  it.each([
    [400, 400],
    [413, 413],
    [422, 400],
  ])('a %s is the fault of the request: it goes back as %s, and the second is not asked', async (given, status) => {
    await script(answersStatus(given), completes('From the second'));
    const response = await ask();
    const { error } = (await response.json()) as { error: object };
    expect(response.status).toBe(status);
    expect(error).toMatchObject({ message: `Said by the provider with ${given}.`, code: 'a_code' });
    expect(second.requests).toEqual([]);
    settles(response, { status: 'failed', attempts: 1, isPaid: false });
  });

  it.each([
    ['breaks off', breaksOffAfter(ROLE, TOKEN), 'provider_error', 'cut'],
    ['ends without an end', endsAfter(ROLE, TOKEN), 'provider_error', 'cut'],
    ['stalls', stallsAfter(ROLE, TOKEN), 'provider_timeout', 'timeout'],
    ['reports a failure', endsAfter(ROLE, TOKEN, IN_BAND), 'provider_error', 'in_band'],
  ])(
    'after a token has gone out a stream that %s fails: two halves make no whole',
    async (_, trouble, type, reason) => {
      await script(trouble, completes('From the second'));
      const response = await ask({ stream: true });
      const { text, chunks, events } = await readStream(response);
      expect(text).toBe('Once');
      expect(chunks.at(-1)).toEqual({ error: expect.objectContaining({ type }) as object });
      expect(events.at(-1)).toBe('[DONE]');
      expect(second.requests).toEqual([]);
      settles(response, { status: 'failed', provider_id: 'openai', attempts: 1, isPaid: false });
      const generation = await gateway.call(`/v1/generations/${response.headers.get('x-request-id') ?? ''}`);
      expect(await generation.json()).toMatchObject({ attempts: [{ provider: 'openai', status: 'failed', reason }] });
    },
  );

  it('a client that leaves while the first is silent is not answered by the second', async () => {
    await script(isSilent, completes('From the second'));
    const leaving = new AbortController();
    const asking = ask({}, { signal: leaving.signal });
    await eventually(() => {
      expect(first.requests).toHaveLength(1);
    });
    leaving.abort();
    await expect(asking).rejects.toThrow();
    // Longer than the first may be silent.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(second.requests).toEqual([]);
    await eventually(() => {
      expect(first.openSockets).toBe(0);
    });
  });

  it('each call is in the database once, and charged at most once', async () => {
    await gateway.stop();
    const rows = transactionsOf(gateway.dataDirectory);
    // The one that its client left has no head, and so no id that we know.
    expect(rows.size).toBe(expected.size + 1);
    for (const [id, { isPaid, ...row }] of expected) {
      expect(rows.get(id)).toMatchObject(row);
      expect(Number(rows.get(id)?.credits_used) > 0).toBe(isPaid);
    }
    const cancelled = [...rows.values()].filter(({ status }) => status === 'cancelled');
    expect(cancelled).toEqual([expect.objectContaining({ attempts: 1, token_source: 'none' })]);
  });
});
