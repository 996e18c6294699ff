import connect from 'postgres';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { readStream } from '../../support/event-stream.js';
import { eventually, startGateway, type Gateway } from '../../support/gateway.js';
import { findPostgres, startPostgres, type Postgres } from '../../support/postgres.js';
import { hasRedis, startRedis, type RedisServer } from '../../support/redis.js';

const bin = findPostgres();
const isHere = hasRedis() && bin !== undefined;
const HELLO = { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }] };
const SLOW = { ...HELLO, stream: true, sandbox: { chunks: 20, pace_ms: 50 } };

(isHere ? describe : describe.skip)('an Idempotency-Key, on two gateways behind one Redis', () => {
  let sandbox: Sandbox;
  let postgres: Postgres;
  let redis: RedisServer;
  let sql: connect.Sql;
  let one: Gateway;
  let two: Gateway;
  let keys = 0;

  const env = () => ({
    API_KEY_PEPPER: 'a pepper of more than thirty-two characters',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    SANDBOX_BASE_URL: sandbox.url,
    SETTLEMENT_INTERVAL_MS: '50',
  });

  beforeAll(async () => {
    [sandbox, postgres, redis] = await Promise.all([startSandbox(), startPostgres(bin ?? ''), startRedis()]);
    sql = connect(postgres.url, { max: 2 });
    one = await startGateway({ env: env() });
    two = await startGateway({ env: env(), after: { key: one.key, dataDirectory: undefined as never } });
  });

  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    await sql.end();
    await Promise.all([postgres.stop(), redis.stop(), sandbox.close()]);
  });

  beforeEach(() => {
    sandbox.reset();
  });

  const freshKey = () => `key-${(keys += 1)}`;
  const ask = (gateway: Gateway, key: string, body: object, signal?: AbortSignal) =>
    gateway.chat(body, { headers: { 'idempotency-key': key }, ...(signal && { signal }) });
  const idOf = (response: Response) => response.headers.get('x-request-id') ?? '';
  const originalOf = (response: Response) => response.headers.get('x-gatewayz-original-request-id');

  /** The charges among these requests, once they are in the database. */
  async function charged(responses: readonly Response[], expected: number): Promise<string[]> {
    const ids = responses.map(idOf);
    return eventually(async () => {
      const rows = await sql<{ id: string }[]>`select id from public.user_transactions where id in ${sql(ids)}`;
      expect(rows).toHaveLength(expected);
      return rows.map(({ id }) => id);
    });
  }

  it('a reply that one gave is replayed by the other', async () => {
    const key = freshKey();
    const first = await ask(one, key, HELLO);
    const bytes = await first.text();
    const retry = await ask(two, key, HELLO);
    expect(await retry.text()).toBe(bytes);
    expect(originalOf(retry)).toBe(idOf(first));
    expect(retry.headers.get('x-gatewayz-cost')).toBe(first.headers.get('x-gatewayz-cost'));
    expect((await ask(two, key, { ...HELLO, seed: 1 })).status).toBe(409);
    expect(sandbox.requests).toHaveLength(1);
    expect(await charged([first, retry], 1)).toEqual([idOf(first)]);
  });

  it.each([
    ['plain', HELLO],
    ['streamed', { ...HELLO, stream: true }],
  ])('forty at once, on both: one %s call, one charge, the same bytes for all', async (_, body) => {
    const key = freshKey();
    const replies = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const request = { ...body, sandbox: { latency_ms: 200, pace_ms: 10 } };
        const response = await ask(index % 2 === 0 ? one : two, key, request);
        return { response, text: await response.text() };
      }),
    );
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(replies.every(({ response }) => response.status === 200)).toBe(true);
    expect(sandbox.requests).toHaveLength(1);
    const responses = replies.map(({ response }) => response);
    const [charge] = await charged(responses, 1);
    const others = responses.filter((response) => idOf(response) !== charge);
    expect(new Set(others.map(originalOf))).toEqual(new Set([charge]));
  });

  it('a call goes on when its caller leaves and somebody waits for it at the other gateway', async () => {
    const key = freshKey();
    const leaving = new AbortController();
    const first = await ask(one, key, SLOW, leaving.signal);
    await first.body?.getReader().read();
    const waiting = ask(two, key, SLOW);
    await eventually(async () => {
      expect(await waitersOn(two)).toBe(1);
    });
    leaving.abort();
    const second = await waiting;
    expect((await readStream(second)).events.at(-1)).toBe('[DONE]');
    expect(originalOf(second)).toBe(idOf(first));
    expect(sandbox.requests.map(({ isAborted }) => isAborted)).toEqual([false]);
    await charged([first, second], 1);
  });

  it('a call whose gateway is killed is made anew by the other, once the lease is over', async () => {
    const key = freshKey();
    const broken = await ask(one, key, { ...SLOW, sandbox: { chunks: 2_000, pace_ms: 20 } });
    const reader = broken.body?.getReader();
    await reader?.read();
    await one.kill();
    const begun = Date.now();
    const retry = await ask(
      two,
      key,
      { ...SLOW, sandbox: { chunks: 2_000, pace_ms: 20 } },
      AbortSignal.timeout(30_000),
    );
    expect(retry.status).toBe(200);
    expect(originalOf(retry)).toBeNull();
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(sandbox.requests).toHaveLength(2);
    await retry.body?.cancel();
    one = await startGateway({ env: env(), after: one });
  });

  it('while Redis is away a request with a key is refused, and told to come again', async () => {
    const key = freshKey();
    await (await ask(two, key, HELLO)).text();
    // The other one has it from Redis, so there it is.
    expect((await ask(one, key, HELLO)).headers.get('idempotent-replayed')).toBe('true');
    await redis.kill();
    const refused = await ask(two, key, HELLO);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    await redis.restart();
    await eventually(async () => {
      expect((await ask(two, key, HELLO)).headers.get('idempotent-replayed')).toBe('true');
    });
  });
});

async function waitersOn(gateway: Gateway): Promise<number> {
  const page = await (await gateway.call('/metrics')).text();
  const path = 'fastapi_requests_in_progress{app_name="gatewayz",method="POST",path="/v1/chat/completions"} ';
  return Number(page.split(path)[1]?.split('\n')[0]);
}
