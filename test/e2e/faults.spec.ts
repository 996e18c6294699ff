import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { readStream } from '../support/event-stream.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { transactionsOf } from '../support/stopped-database.js';

type Outcome =
  | { readonly answer: 'refused'; readonly status: number; readonly type: string; readonly code: string }
  | { readonly answer: 'broken'; readonly type: string }
  | { readonly answer: 'complete' };

const refused = (status: number, type: string, code = type): Outcome => ({ answer: 'refused', status, type, code });
const FAILED = refused(502, 'provider_error');
const TIMED_OUT = refused(504, 'provider_timeout');
const BROKEN: Outcome = { answer: 'broken', type: 'provider_error' };
const STALLED: Outcome = { answer: 'broken', type: 'provider_timeout' };
const COMPLETE: Outcome = { answer: 'complete' };

/** What a caller gets of each fault: of a plain reply, and of a stream that fails after two chunks. */
const TABLE: readonly (readonly [fault: object, plain: Outcome, stream: Outcome])[] = [
  [{ fault: 'status', status: 500 }, FAILED, FAILED],
  [{ fault: 'status', status: 503 }, FAILED, FAILED],
  [{ fault: 'status', status: 401 }, FAILED, FAILED],
  [{ fault: 'status', status: 402 }, FAILED, FAILED],
  [{ fault: 'status', status: 404 }, FAILED, FAILED],
  [{ fault: 'status', status: 408 }, TIMED_OUT, TIMED_OUT],
  [
    { fault: 'status', status: 429, retry_after: 7 },
    refused(429, 'rate_limit_error', 'upstream'),
    refused(429, 'rate_limit_error', 'upstream'),
  ],
  [
    { fault: 'context_length' },
    refused(400, 'invalid_request_error', 'context_length_exceeded'),
    refused(400, 'invalid_request_error', 'context_length_exceeded'),
  ],
  [{ fault: 'refuse' }, FAILED, FAILED],
  [{ fault: 'silence' }, TIMED_OUT, TIMED_OUT],
  [{ fault: 'silent_stream' }, TIMED_OUT, TIMED_OUT],
  [{ fault: 'stall', after: 2 }, TIMED_OUT, STALLED],
  [{ fault: 'cut', after: 2 }, FAILED, BROKEN],
  [{ fault: 'end_early', after: 2 }, FAILED, BROKEN],
  [{ fault: 'error_frame', after: 0 }, FAILED, FAILED],
  [{ fault: 'error_frame', after: 2 }, FAILED, BROKEN],
  [{ fault: 'empty' }, FAILED, FAILED],
  [{ fault: 'not_json' }, FAILED, FAILED],
  [{ fault: 'cut_body' }, FAILED, BROKEN],
  [{ fault: 'malformed', after: 2 }, FAILED, COMPLETE],
  [{ fault: 'no_done' }, COMPLETE, COMPLETE],
  [{ fault: 'no_finish' }, COMPLETE, COMPLETE],
  [{ fault: 'no_role' }, COMPLETE, COMPLETE],
  [{ fault: 'no_usage' }, COMPLETE, COMPLETE],
  [{ fault: 'late_usage_in_finish' }, COMPLETE, COMPLETE],
  [{ fault: 'comments' }, COMPLETE, COMPLETE],
  [{ fault: 'split_bytes' }, COMPLETE, COMPLETE],
];

describe('a provider that fails', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  /** What each call should have been charged, by request id. */
  const calls = new Map<string, { outcome: Outcome; label: string }>();

  // What went wrong in the test before would keep calls away.
  beforeEach(async () => {
    await gateway.call('/circuit-breakers/sandbox/reset', { method: 'POST' });
  });

  beforeAll(async () => {
    sandbox = await startSandbox();
    gateway = await startGateway({
      env: {
        SANDBOX_BASE_URL: sandbox.url,
        UPSTREAM_FIRST_TOKEN_TIMEOUT_MS: '500',
        UPSTREAM_IDLE_TIMEOUT_MS: '500',
        STREAM_KEEP_ALIVE_MS: '10000',
      },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
  });

  const ask = (fault: object, stream: boolean) =>
    gateway.chat({
      model: 'sandbox/echo-1',
      messages: [{ role: 'user', content: 'Tell me something, näive friend' }],
      ...(stream && { stream, stream_options: { include_usage: true } }),
      sandbox: fault,
    });

  describe.each(TABLE)('%j', (fault, plain, stream) => {
    it(`answers a plain request: ${JSON.stringify(plain)}`, async () => {
      const response = await ask(fault, false);
      remember(response, plain, `${JSON.stringify(fault)} plain`);
      if (plain.answer !== 'refused') {
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ usage: { cost: expect.any(Number) as number } });
      } else await expectRefusal(response, plain);
    });

    it(`answers a stream: ${JSON.stringify(stream)}`, async () => {
      const response = await ask(fault, true);
      remember(response, stream, `${JSON.stringify(fault)} stream`);
      if (stream.answer === 'refused') await expectRefusal(response, stream);
      else await expectStream(response, stream);
    });
  });

  it('leaves no call under way at the provider', async () => {
    await eventually(async () => {
      const metrics = await (await gateway.call('/metrics')).text();
      expect(metrics).toContain(
        'fastapi_requests_in_progress{app_name="gatewayz",method="POST",path="/v1/chat/completions"} 0',
      );
    });
    // What is open are idle connections of the pool: at most one, because the calls came one after the other.
    await eventually(() => {
      expect(sandbox.openSockets).toBeLessThanOrEqual(1);
    });
  });

  it('is counted by the events that could not be read', async () => {
    const metrics = await (await gateway.call('/metrics')).text();
    expect(metrics).toContain('gatewayz_malformed_events_total{provider="sandbox"} 1\n');
  });

  it('is never paid for, and a complete reply always is', async () => {
    await gateway.stop();
    const rows = transactionsOf(gateway.dataDirectory);
    expect(rows.size).toBe(calls.size);
    for (const [id, { outcome, label }] of calls) {
      const row = rows.get(id);
      const isComplete = outcome.answer === 'complete';
      expect({ label, status: row?.status, isPaid: Number(row?.credits_used) > 0 }).toEqual({
        label,
        status: isComplete ? 'completed' : 'failed',
        isPaid: isComplete,
      });
      if (label.includes('no_usage')) expect(row?.token_source).toBe('counted');
      // The provider said what it took for nothing: we pay for that, and the caller does not.
      if (label.includes('empty') && label.includes('plain')) expect(Number(row?.cost)).toBeGreaterThan(0);
    }
  });

  function remember(response: Response, outcome: Outcome, label: string): void {
    calls.set(response.headers.get('x-request-id') ?? '', { outcome, label });
  }
});

async function expectRefusal(
  response: Response,
  { status, type, code }: Extract<Outcome, { answer: 'refused' }>,
): Promise<void> {
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  expect({ status: response.status, ...error }).toMatchObject({ status, type, code, param: error['param'] });
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'request_id', 'type']);
  expect(error['request_id']).toBe(response.headers.get('x-request-id'));
  if (status === 429) expect(response.headers.get('retry-after')).toBe('7');
  if (status >= 500) expect(response.headers.get('x-should-retry')).toBe('false');
}

async function expectStream(response: Response, outcome: Exclude<Outcome, { answer: 'refused' }>): Promise<void> {
  expect(response.status).toBe(200);
  const { events, chunks, text } = await readStream(response);
  const [usage, error] = chunks.slice(outcome.answer === 'broken' ? -2 : -1);
  expect(events.at(-1)).toBe('[DONE]');
  expect(chunks[0]?.choices?.[0]?.delta.role).toBe('assistant');
  expect(usage).toMatchObject({ choices: [], usage: { cost: expect.any(Number) as number } });
  const reasons = chunks.flatMap(({ choices = [] }) => choices.map((choice) => choice.finish_reason)).filter(Boolean);
  if (outcome.answer === 'complete') {
    expect(reasons).toEqual(['stop']);
    expect(text).toMatch(/simulated.*Tell me something, näive friend$/);
    return;
  }
  expect(reasons).toEqual([]);
  expect(error).toEqual({ error: expect.objectContaining({ type: outcome.type }) as unknown });
}
