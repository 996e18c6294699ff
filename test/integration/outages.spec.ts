import connect from 'postgres';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { createAccount, PEPPER, type Account } from '../support/accounts.js';
import { Crowd } from '../support/crowd.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { findPostgres, startPostgres, type Postgres } from '../support/postgres.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';

/** `npm run test:outages` has the database away for a minute. */
const SECONDS = Number(process.env['OUTAGE_SECONDS'] ?? 4);
const programs = findPostgres();
const isPossible = programs !== undefined && hasRedis();

/** Which statuses a crowd got, how often. */
function statusesOf(answers: readonly (Response | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const status = String(answer?.status ?? 'none');
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

(isPossible ? describe : describe.skip)('when something is away', () => {
  let sandbox: Sandbox;
  let database: Postgres;
  let redis: RedisServer;
  let sql: connect.Sql;
  let closed: Gateway;
  let open: Gateway;
  let account: Account;

  beforeAll(async () => {
    [sandbox, database, redis] = await Promise.all([startSandbox(), startPostgres(programs ?? ''), startRedis()]);
    sql = connect(database.url, { max: 2, onnotice: () => undefined });
    const env = {
      API_KEY_PEPPER: PEPPER,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SANDBOX_BASE_URL: sandbox.url,
      SETTLEMENT_INTERVAL_MS: '50',
      ADMISSION_LEASE_MS: '2000',
      LOG_LEVEL: 'error',
    };
    closed = await startGateway({ env });
    open = await startGateway({
      env: { ...env, REDIS_FAILURE: 'open' },
      after: { key: closed.key, dataDirectory: undefined as never },
    });
    account = await createAccount(sql, '1000');
    expect(statusesOf([...(await ask(closed, 2)), ...(await ask(open, 2))])).toEqual({ 200: 4 });
  }, 120_000);

  afterAll(async () => {
    await Promise.all([closed.stop(), open.stop()]);
    await sql.end();
    await Promise.all([database.stop(), redis.stop(), sandbox.close()]);
  });

  const ask = (gateway: Gateway, count: number): Promise<Response[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const chat = { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }] };
        const response = await gateway.chat(chat, { headers: { authorization: `Bearer ${account.key}` } });
        await response.text();
        return response;
      }),
    );

  const everythingIsSettled = (replies: readonly { id: string }[]): Promise<void> =>
    eventually(async () => {
      const ids = replies.map(({ id }) => id);
      const rows = await sql`select id from public.user_transactions where id = any(${ids})`;
      expect(rows).toHaveLength(ids.length);
      const [drift] = await sql`select * from public.reconcile_credits()`;
      expect(drift).toMatchObject({ balance_drift: '0.000000000', transaction_drift: '0' });
    }, 60_000);

  it('a slow Redis makes calls slow, and loses none', async () => {
    const frozen = redis.freeze(500);
    const startedAt = performance.now();
    expect(statusesOf(await ask(closed, 10))).toEqual({ 200: 10 });
    expect(performance.now() - startedAt).toBeGreaterThan(300);
    await frozen;
  });

  it('an absent Redis refuses calls, or each gateway goes on by its own count: as it was configured', async () => {
    const crowd = new Crowd(() => open, account.key);
    crowd.begin(4);
    await pause(200);
    await redis.kill();
    await pause(100);
    const refused = await ask(closed, 5);
    expect(statusesOf(refused)).toEqual({ 503: 5 });
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(statusesOf(await ask(open, 5))).toEqual({ 200: 5 });
    expect(await (await closed.call('/health')).json()).toMatchObject({ status: 'degraded', redis: 'down' });
    await pause(1_000);
    await redis.restart();
    await eventually(async () => {
      expect(statusesOf(await ask(closed, 5))).toEqual({ 200: 5 });
    });
    await everythingIsSettled(await crowd.end());
    await eventually(async () => {
      await ask(closed, 1);
      const headers = { authorization: `Bearer ${account.key}` };
      expect(await (await closed.call('/v1/credits', { headers })).json()).toMatchObject({ holds: '0.000000000' });
    }, 20_000);
  });

  it(
    'an absent database stops nobody whom the gateway knows, and gets every charge afterwards',
    async () => {
      const crowd = new Crowd(() => closed, account.key);
      crowd.begin(4);
      await pause(500);
      await database.kill();
      await pause(SECONDS * 1_000);
      expect(statusesOf(await ask(closed, 5))).toEqual({ 200: 5 });
      await database.restart();
      await pause(500);
      const replies = await crowd.end();
      process.stderr.write(`database away for ${SECONDS} s: ${crowd.summary()}\n`);
      await everythingIsSettled(replies);
    },
    SECONDS * 1_000 + 90_000,
  );
});
