import { randomUUID } from 'node:crypto';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { readStream } from '../support/event-stream.js';
import { queryStopped } from '../support/stopped-database.js';

const PROMPT = [{ role: 'user', content: 'Tell me a long story.' }];

interface Credits {
  readonly balance: string;
  readonly holds: string;
  readonly available: string | null;
}

interface Statement {
  readonly data: { readonly kind: string; readonly amount: string; readonly reference: string }[];
  readonly has_more: boolean;
  readonly next: string | null;
}

describe('credits', () => {
  let gateway: Gateway;
  let userId: string;

  const json = async <Body>(path: string, init?: RequestInit): Promise<Body> =>
    (await gateway.call(path, init)).json() as Promise<Body>;
  const credits = () => json<Credits>('/v1/credits');
  const move = (body: object, headers: Record<string, string> = {}) =>
    gateway.call(`/admin/users/${userId}/credits`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  /** Stops it, so that its database can be written to, and starts it again. */
  const change = async (sql: string): Promise<void> => {
    await gateway.stop();
    queryStopped(gateway.dataDirectory, sql);
    gateway = await startGateway({ env: { SETTLEMENT_INTERVAL_MS: '50' }, after: gateway });
  };

  beforeAll(async () => {
    gateway = await startGateway();
    await gateway.stop();
    userId = queryStopped<{ id: string }>(gateway.dataDirectory, 'select id from users')[0]?.id ?? '';
    queryStopped(gateway.dataDirectory, 'update users set credit_line = 0');
    gateway = await startGateway({ env: { SETTLEMENT_INTERVAL_MS: '50' }, after: gateway });
  });

  afterAll(() => gateway.stop());

  it('are refused to who has none, and not to be tried again', async () => {
    const response = await gateway.chat({ model: 'sandbox/echo-1', messages: PROMPT });
    expect(response.status).toBe(402);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await response.json()).toMatchObject({ error: { code: 'insufficient_credits' } });
  });

  it('are given once, however often it is sent', async () => {
    const key = { 'idempotency-key': randomUUID() };
    expect(await (await move({ amount: '0.01' }, key)).json()).toMatchObject({ repeated: false });
    expect(await (await move({ amount: '0.01' }, key)).json()).toMatchObject({ repeated: true });
    const conflict = await move({ amount: '0.02' }, key);
    expect(conflict.status).toBe(409);
    expect(await conflict.json()).toMatchObject({ error: { code: 'idempotency_conflict' } });
    expect(await credits()).toMatchObject({ balance: '0.010000000', holds: '0.000000000', available: '0.010000000' });
  });

  it.each([
    [{ amount: 'much' }, 'amount'],
    [{ amount: '0' }, 'amount'],
    [{ amount: '1.0000000001' }, 'amount'],
    [{ amount: '1', kind: 'gift' }, 'kind'],
    [{ amount: '1' }, 'reference'],
  ])('are not moved by %j', async (body, param) => {
    const response = await move(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it('of somebody who does not exist cannot be moved', async () => {
    const response = await gateway.call(`/admin/users/${randomUUID()}/credits`, {
      method: 'POST',
      body: JSON.stringify({ amount: '1', reference: 'x' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(404);
  });

  it('pay for a call to the nano-dollar, and the statement shows it', async () => {
    const response = await gateway.chat({ model: 'sandbox/echo-1', messages: PROMPT });
    const cost = response.headers.get('x-gatewayz-cost');
    await response.json();
    await eventually(async () => {
      const { data } = await json<Statement>('/v1/credits/ledger?limit=1');
      expect(data[0]).toMatchObject({ kind: 'usage', amount: `-${cost ?? ''}` });
    });
    const first = await json<Statement>('/v1/credits/ledger?limit=1');
    const rest = await json<Statement>(`/v1/credits/ledger?after=${first.next ?? ''}`);
    expect(first.has_more).toBe(true);
    expect(rest.data).toMatchObject([{ kind: 'grant', amount: '0.010000000' }]);
    expect((await gateway.call('/v1/credits/ledger?after=nonsense')).status).toBe(400);
  });

  it('that do not pay for all that was asked for shorten the reply instead of refusing it', async () => {
    const { available } = await credits();
    const response = await gateway.chat({ model: 'sandbox/story-1', messages: PROMPT, sandbox: { tokens: 90_000 } });
    const { choices, usage } = (await response.json()) as {
      choices: { finish_reason: string }[];
      usage: { cost: number; completion_tokens: number };
    };
    expect(choices[0]?.finish_reason).toBe('length');
    expect(usage.cost).toBeLessThanOrEqual(Number(available));
    expect(usage.completion_tokens).toBeGreaterThan(1000);
    await eventually(async () => {
      expect((await credits()).holds).toBe('0.000000000');
    });
  });

  it('never pay for more than they are, also in a stream that nobody limited', async () => {
    await change('update users set credited = debited + 0.030, credit_line = 0');
    const response = await gateway.chat({
      model: 'sandbox/story-1',
      stream: true,
      messages: PROMPT,
      sandbox: { tokens: 60_000 },
    });
    const { chunks, events } = await readStream(response);
    expect(chunks.at(-1)).toMatchObject({ error: { code: 'insufficient_credits' } });
    expect(events.at(-1)).toBe('[DONE]');
    await eventually(async () => {
      const { balance, holds } = await credits();
      expect(holds).toBe('0.000000000');
      expect(Number(balance)).toBeGreaterThanOrEqual(0);
      expect(Number(balance)).toBeLessThan(0.015);
    });
  });
});
