import OpenAI from 'openai';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { readStream } from '../support/event-stream.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { transactionsOf } from '../support/stopped-database.js';

const LARGEST_KEPT_BYTES = 20_000;
const HELLO = { model: 'sandbox/echo-1', messages: [{ role: 'user' as const, content: 'Hello, näive friend' }] };
/** A stream of about a second. */
const SLOW = { ...HELLO, stream: true, sandbox: { chunks: 20, pace_ms: 50 } };

describe('requests with an Idempotency-Key', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  let keys = 0;
  /** Every call that was made and how it ended, by its request id. */
  const made = new Map<string, string>();

  beforeAll(async () => {
    sandbox = await startSandbox();
    gateway = await startGateway({
      env: { SANDBOX_BASE_URL: sandbox.url, IDEMPOTENCY_REPLY_BYTES: String(LARGEST_KEPT_BYTES) },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
  });

  beforeEach(() => {
    sandbox.reset();
  });

  const freshKey = () => `key ${(keys += 1)}`;
  const ask = (key: string, body: object, signal?: AbortSignal) =>
    gateway.chat(body, { headers: { 'idempotency-key': key }, ...(signal && { signal }) });

  /** This one was not a replay. */
  function note(response: Response, status = 'completed'): Response {
    made.set(response.headers.get('x-request-id') ?? '', status);
    return response;
  }

  describe.each([
    ['a plain reply', HELLO],
    ['a stream', { ...HELLO, stream: true, stream_options: { include_usage: true } }],
  ])('%s', (_, body) => {
    it('is replayed to a retry: same status, same bytes, same headers, and no second call', async () => {
      const key = freshKey();
      const first = note(await ask(key, body));
      const bytes = await first.text();
      const retry = await ask(key, body);
      expect(await retry.text()).toBe(bytes);
      expect(retry.status).toBe(200);
      const id = first.headers.get('x-request-id');
      expect(retry.headers.get('x-request-id')).not.toBe(id);
      expect(Object.fromEntries(retry.headers)).toMatchObject({
        'idempotent-replayed': 'true',
        'x-gatewayz-original-request-id': id,
        'content-type': first.headers.get('content-type'),
        'x-gatewayz-provider': 'sandbox',
      });
      expect(retry.headers.get('x-gatewayz-cost')).toBe(first.headers.get('x-gatewayz-cost'));
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      expect(sandbox.requests).toHaveLength(1);
    });

    it('is written once for twenty that ask at the same time', async () => {
      const key = freshKey();
      const replies = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const response = await ask(key, { ...body, sandbox: { latency_ms: 100, pace_ms: 5 } });
          return { response, text: await response.text() };
        }),
      );
      expect(sandbox.requests).toHaveLength(1);
      expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
      const first = replies.filter(({ response }) => response.headers.get('idempotent-replayed') === null);
      expect(first).toHaveLength(1);
      for (const { response } of first) note(response);
    });
  });

  it('a stream that has begun is joined from its beginning, and goes on when the first one leaves', async () => {
    const key = freshKey();
    const leaving = new AbortController();
    const first = note(await ask(key, SLOW, leaving.signal));
    const reader = first.body?.getReader();
    await reader?.read();
    const second = await ask(key, SLOW);
    leaving.abort();
    await reader?.read().catch(() => undefined);
    const { events, text, chunks } = await readStream(second);
    expect(chunks[0]?.choices?.[0]?.delta.role).toBe('assistant');
    expect(text).toMatch(/You said: Hello, näive friend$/);
    expect(events.at(-1)).toBe('[DONE]');
    expect(second.headers.get('x-gatewayz-original-request-id')).toBe(first.headers.get('x-request-id'));
    expect(sandbox.requests.map(({ isAborted }) => isAborted)).toEqual([false]);
    expect((await readStream(await ask(key, SLOW))).events).toEqual(events);
  });

  it('a call whose only caller leaves is cancelled, and a retry runs anew', async () => {
    const key = freshKey();
    const leaving = new AbortController();
    const first = note(await ask(key, SLOW, leaving.signal), 'cancelled');
    await first.body?.getReader().read();
    leaving.abort();
    await eventually(() => {
      expect(sandbox.requests.at(-1)?.isAborted).toBe(true);
    });
    const retry = note(await ask(key, SLOW));
    expect((await readStream(retry)).events.at(-1)).toBe('[DONE]');
    expect(retry.headers.get('idempotent-replayed')).toBeNull();
    expect(sandbox.requests.map(({ isAborted }) => isAborted)).toEqual([true, false]);
  });

  it('refuses a key that stands for another request, and says that retrying is of no use', async () => {
    const key = freshKey();
    await note(await ask(key, HELLO)).text();
    const other = await ask(key, { ...HELLO, temperature: 0 });
    expect(other.status).toBe(409);
    expect(other.headers.get('x-should-retry')).toBe('false');
    expect(await other.json()).toMatchObject({
      error: { code: 'idempotency_conflict', type: 'invalid_request_error', param: null },
    });
    expect(sandbox.requests).toHaveLength(1);
  });

  it('refuses it also while the first is running', async () => {
    const key = freshKey();
    const first = note(await ask(key, SLOW));
    expect((await ask(key, HELLO)).status).toBe(409);
    await first.text();
  });

  it.each([['   '], ['ü'], ['x'.repeat(256)]])('refuses the key "%s"', async (key) => {
    const response = await ask(key, HELLO);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_idempotency_key' } });
  });

  it.each([
    ['a failure of the provider', 502, { fault: 'status', status: 500 }],
    ['a provider without capacity', 429, { fault: 'status', status: 429, retry_after: 0 }],
  ])('%s is not kept: the retry is a call of its own', async (_, status, behaviour) => {
    const key = freshKey();
    sandbox.schedule([behaviour as never, {}]);
    const failed = note(await ask(key, HELLO), 'failed');
    expect(failed.status).toBe(status);
    await failed.text();
    const begun = Date.now();
    const retry = note(await ask(key, HELLO));
    expect(retry.status).toBe(200);
    expect(Date.now() - begun).toBeLessThan(1_000);
    expect(retry.headers.get('idempotent-replayed')).toBeNull();
    await retry.text();
  });

  it('neither is a stream that breaks, and who joined it is told as well', async () => {
    const key = freshKey();
    sandbox.schedule([{ fault: 'cut', after: 5, pace_ms: 50 } as never, {}]);
    const body = { ...HELLO, stream: true };
    const [first, joined] = await Promise.all([ask(key, body), ask(key, body)]);
    for (const response of [first, joined]) {
      expect((await readStream(response)).chunks.at(-1)?.error).toMatchObject({ type: 'provider_error' });
      if (response.headers.get('idempotent-replayed') === null) note(response, 'failed');
    }
    const retry = note(await ask(key, body));
    expect((await readStream(retry)).text).toMatch(/You said: Hello, näive friend$/);
    expect(sandbox.requests).toHaveLength(2);
  });

  it("the caller's own mistake is kept: it would be the same again", async () => {
    const key = freshKey();
    const body = { ...HELLO, sandbox: { fault: 'context_length' } };
    const first = note(await ask(key, body), 'failed');
    const retry = await ask(key, body);
    expect(retry.status).toBe(400);
    expect(await retry.text()).toBe(await first.text());
    expect(retry.headers.get('idempotent-replayed')).toBe('true');
    expect(sandbox.requests).toHaveLength(1);
  });

  it('so is one that is found before anything else is done', async () => {
    const key = freshKey();
    const body = { ...HELLO, model: 7 };
    const first = await ask(key, body);
    const retry = await ask(key, body);
    expect(retry.status).toBe(400);
    expect(await retry.text()).toBe(await first.text());
    expect(retry.headers.get('idempotent-replayed')).toBe('true');
  });

  it('a reply that is too large is not kept, and is whole nevertheless', async () => {
    const key = freshKey();
    const body = { ...HELLO, model: 'sandbox/story-1', max_completion_tokens: LARGEST_KEPT_BYTES / 2, stream: true };
    for (let count = 1; count <= 2; count += 1) {
      const response = note(await ask(key, body));
      expect(response.headers.get('idempotent-replayed')).toBeNull();
      expect((await readStream(response)).events.at(-1)).toBe('[DONE]');
    }
    expect(sandbox.requests).toHaveLength(2);
  });

  it("the openai SDK's own retry makes a second call only because the first failed", async () => {
    const openai = new OpenAI({ apiKey: gateway.key, baseURL: `${gateway.url}/v1` });
    const headers = { 'Idempotency-Key': freshKey() };
    sandbox.schedule([{ fault: 'status', status: 429, retry_after: 0 } as never, {}]);
    const create = () => openai.chat.completions.create(HELLO, { headers }).withResponse();
    const first = await create();
    const second = await create();
    note(first.response);
    expect(second.data).toEqual(first.data);
    expect(second.response.headers.get('idempotent-replayed')).toBe('true');
    expect(sandbox.requests).toHaveLength(2);
  });

  it('is counted', async () => {
    const page = await (await gateway.call('/metrics')).text();
    for (const outcome of ['made', 'joined', 'replayed', 'conflict']) {
      expect(page).toMatch(new RegExp(`gatewayz_idempotent_requests_total\\{outcome="${outcome}"\\} [1-9]`));
    }
    for (const result of ['kept', 'not_final', 'too_large']) {
      expect(page).toMatch(new RegExp(`gatewayz_idempotent_replies_total\\{result="${result}"\\} [1-9]`));
    }
  });

  it('each call is one record, however many got its reply', async () => {
    await eventually(async () => {
      expect(await (await gateway.call('/metrics')).text()).toMatch(/gatewayz_journal_backlog 0\n/);
    });
    await gateway.stop();
    const rows = transactionsOf(gateway.dataDirectory);
    const known = Object.fromEntries([...made].map(([id, status]) => [id, status]));
    const found = Object.fromEntries([...rows].filter(([id]) => made.has(id)).map(([id, { status }]) => [id, status]));
    expect(found).toEqual(known);
    // One more: what the SDK tried first.
    expect(rows.size).toBe(made.size + 1);
  });
});
