import connect from 'postgres';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { createAccount, PEPPER, type Account } from '../support/accounts.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { findPostgres, startPostgres, type Postgres } from '../support/postgres.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';

const GATEWAYS = 4;
const REQUESTS = 200;
/** `npm run test:steady` asks for two and a half minutes. */
const STEADY_SECONDS = Number(process.env['STEADY_SECONDS'] ?? 3);
const programs = findPostgres();
const isPossible = programs !== undefined && hasRedis();

/** Four gateways that share a Redis and a PostgreSQL, and many requests that come at the same moment. */
(isPossible ? describe : describe.skip)('four gateways as one', () => {
  let sandbox: Sandbox;
  let database: Postgres;
  let redis: RedisServer;
  let sql: connect.Sql;
  let gateways: Gateway[] = [];

  beforeAll(async () => {
    [sandbox, database, redis] = await Promise.all([startSandbox(), startPostgres(programs ?? ''), startRedis()]);
    sql = connect(database.url, { max: 2 });
    const env = {
      API_KEY_PEPPER: PEPPER,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SANDBOX_BASE_URL: sandbox.url,
      SETTLEMENT_INTERVAL_MS: '50',
      LOG_LEVEL: 'warn',
    };
    const first = await startGateway({ env });
    const others = Array.from({ length: GATEWAYS - 1 }, () =>
      startGateway({ env, after: { key: first.key, dataDirectory: undefined as never } }),
    );
    gateways = [first, ...(await Promise.all(others))];
  }, 120_000);

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await sql.end();
    await Promise.all([database.stop(), redis.stop(), sandbox.close()]);
  });

  /** All at once, spread over the gateways; the statuses. */
  const rush = (account: Account, body: object, count = REQUESTS): Promise<number[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const response = await gateways[index % GATEWAYS]?.chat(
          { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }], ...body },
          { headers: { authorization: `Bearer ${account.key}` } },
        );
        await response?.text();
        return response?.status ?? 0;
      }),
    );

  const passed = (statuses: readonly number[]): number => statuses.filter((status) => status === 200).length;

  /** What the database says once every passed call has arrived there. */
  const settled = async (account: Account, calls: number) =>
    eventually(async () => {
      const [row] = await sql<{ calls: number; spent: string; tokens: number; credits: string; drift: string }[]>`
        select count(t.id)::int as calls, coalesce(sum(t.credits_used), 0)::text as spent,
          coalesce(sum(t.input_tokens + t.output_tokens), 0)::int as tokens, u.credits::text,
          (select balance_drift from public.reconcile_credits()) as drift
        from public.users u left join public.user_transactions t on t.user_id = u.id
        where u.id = ${account.userId} group by u.id`;
      expect(row?.calls).toBe(calls);
      return row ?? { calls: 0, spent: '', tokens: 0, credits: '', drift: '' };
    });

  it('never spend more than there is, to the nano-dollar', async () => {
    // Worth ten calls that write all that they may.
    const account = await createAccount(sql, '0.001300000');
    const statuses = await rush(account, { max_tokens: 64, sandbox: { tokens: 64 } });
    expect(new Set(statuses)).toEqual(new Set([200, 402]));
    const { credits, drift } = await settled(account, passed(statuses));
    expect(passed(statuses)).toBeGreaterThanOrEqual(8);
    expect(passed(statuses)).toBeLessThanOrEqual(10);
    expect(Number(credits)).toBeGreaterThanOrEqual(0);
    expect(Number(drift)).toBe(0);
  });

  it('keep a budget', async () => {
    const account = await createAccount(sql, '100', { budget: { day: '0.0013' } });
    const statuses = await rush(account, { max_tokens: 64, sandbox: { tokens: 64 } });
    const { spent } = await settled(account, passed(statuses));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(Number(spent)).toBeLessThanOrEqual(0.0013);
    expect(passed(statuses)).toBeGreaterThanOrEqual(8);
  });

  it('let exactly as many requests through in a minute as the limit says', async () => {
    const account = await createAccount(sql, '100', { rate_limit: 50 });
    const statuses = await rush(account, {});
    expect(passed(statuses)).toBe(50);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  it(
    'stay within 1 % below a limit that is asked for more all the time, and never above it in any minute',
    async () => {
      const limit = 120;
      const account = await createAccount(sql, '100', { rate_limit: limit });
      const passedAt: number[] = [];
      const begin = Date.now();
      const askOn = async (): Promise<void> => {
        while (Date.now() - begin < STEADY_SECONDS * 1_000) {
          // The gateway decides some time between the two.
          const [status] = await rush(account, {}, 1);
          if (status === 200) passedAt.push(Date.now());
          else await new Promise((resolve) => setTimeout(resolve, 40));
        }
      };
      await Promise.all([askOn(), askOn(), askOn(), askOn()]);
      const inMinuteFrom = (start: number): number =>
        passedAt.filter((at) => at >= start && at < start + 59_900).length;
      expect(Math.max(...passedAt.map(inMinuteFrom))).toBeLessThanOrEqual(limit);
      const minutes = Math.ceil(STEADY_SECONDS / 60.5);
      expect(passedAt.length).toBeLessThanOrEqual(limit * minutes);
      expect(passedAt.length).toBeGreaterThanOrEqual(limit * minutes * 0.99);
      process.stderr.write(`${passedAt.length} of ${limit * minutes} in ${STEADY_SECONDS} s\n`);
    },
    STEADY_SECONDS * 1_000 + 30_000,
  );

  it('use no more tokens in a minute than the limit says', async () => {
    const account = await createAccount(sql, '100', { token_limit: 2_000 });
    const statuses = await rush(account, { max_tokens: 100, sandbox: { tokens: 100 } });
    const { tokens } = await settled(account, passed(statuses));
    expect(tokens).toBeLessThanOrEqual(2_000);
    expect(tokens).toBeGreaterThan(1_700);
  });

  it('run as many calls at once as the limit says', async () => {
    const account = await createAccount(sql, '100', { concurrency_limit: 7 });
    const statuses = await rush(account, { sandbox: { latency_ms: 3_000 } });
    expect(passed(statuses)).toBe(7);
    expect(passed(await rush(account, {}, 5))).toBe(5);
  });

  it('hear of a revocation within a second', async () => {
    const account = await createAccount(sql, '100');
    expect(passed(await rush(account, {}, 8))).toBe(8);
    const startedAt = Date.now();
    const manager = await createAccount(sql, '1');
    await sql`update public.api_keys set user_id = ${account.userId}, scopes = '{keys}' where id = ${manager.apiKeyId}`;
    const revocation = await gateways[0]?.call(`/v1/keys/${account.apiKeyId}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${manager.key}` },
    });
    expect(revocation?.status).toBe(200);
    const revokedAt = Date.now();
    await eventually(async () => {
      expect(new Set(await rush(account, {}, 8))).toEqual(new Set([401]));
    }, 1_000);
    process.stderr.write(`revoked everywhere after ${Date.now() - revokedAt} ms (${Date.now() - startedAt} in all)\n`);
  });

  it('know who is logged in on another gateway, and who logged out there', async () => {
    const credentials = JSON.stringify({ email: 'ada@example.com', password: 'a long enough password' });
    const headers = { 'content-type': 'application/json' };
    const [one, two, three] = gateways;
    expect((await one?.call('/auth/register', { method: 'POST', body: credentials, headers }))?.status).toBe(202);
    const login = await two?.call('/auth/login', { method: 'POST', body: credentials, headers });
    const { access_token: token } = (await login?.json()) as { access_token: string };
    const asAda = { authorization: `Bearer ${token}` };
    expect((await three?.call('/auth/me', { headers: asAda }))?.status).toBe(200);
    expect((await one?.call('/auth/logout', { method: 'POST', headers: asAda }))?.status).toBe(204);
    expect((await three?.call('/auth/me', { headers: asAda }))?.status).toBe(401);
  });

  it('slow down together who guesses passwords', async () => {
    const guess = async (index: number) =>
      gateways[index % GATEWAYS]?.call('/auth/login', {
        method: 'POST',
        body: JSON.stringify({ email: 'grace@example.com', password: `guess number ${index}` }),
        headers: { 'content-type': 'application/json' },
      });
    const answers = await Promise.all(Array.from({ length: 24 }, (_, index) => guess(index)));
    const statuses = answers.map((answer) => answer?.status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(14);
  });
});
