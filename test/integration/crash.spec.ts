import connect from 'postgres';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { createAccount, PEPPER, type Account } from '../support/accounts.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { findPostgres, startPostgres, type Postgres } from '../support/postgres.js';
import { Crowd, type SeenReply } from '../support/crowd.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';
import { queryStopped } from '../support/stopped-database.js';

/** `npm run test:crash` goes on for two minutes. */
const SECONDS = Number(process.env['CRASH_SECONDS'] ?? 6);
const programs = findPostgres();
const isPossible = programs !== undefined && hasRedis();

/** What the ledger charged for each call. */
type Charges = ReadonlyMap<string, string>;

/** Every reply that a client saw whole was charged once, and for what the client was told. */
function expectCharged(replies: readonly SeenReply[], charges: Charges): void {
  const wrong = replies.filter(({ id, cost }) => Number(charges.get(id) ?? Number.NaN).toFixed(9) !== cost.toFixed(9));
  expect(wrong).toEqual([]);
  expect(new Set(replies.map(({ id }) => id)).size).toBe(replies.length);
}

(isPossible ? describe : describe.skip)('whatever crashes', () => {
  let sandbox: Sandbox;
  let database: Postgres;
  let redis: RedisServer;
  let sql: connect.Sql;
  let account: Account;
  let gateways: Gateway[] = [];
  const counts = { gateway: 0, redis: 0, postgres: 0 };

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
    const first = await startGateway({ env });
    gateways = [first, await startGateway({ env, after: { key: first.key, dataDirectory: undefined as never } })];
    account = await createAccount(sql, '1000');
  }, 120_000);

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await sql.end();
    await Promise.all([database.stop(), redis.stop(), sandbox.close()]);
  });

  const crashes = {
    gateway: async () => {
      const at = Math.floor(Math.random() * gateways.length);
      const victim = gateways[at];
      if (!victim) return;
      await victim.kill();
      await pause(Math.random() * 500);
      gateways[at] = await victim.restart();
    },
    redis: async () => {
      await redis.kill();
      await pause(Math.random() * 1_500);
      await redis.restart();
    },
    postgres: async () => {
      await database.kill();
      await pause(Math.random() * 1_500);
      await database.restart();
    },
  };

  it(
    'loses no charge and makes none twice, frees what was held, and the ledger agrees with the balance',
    async () => {
      const crowd = new Crowd(() => gateways[Math.floor(Math.random() * gateways.length)], account.key);
      crowd.begin(12);
      const end = Date.now() + SECONDS * 1_000;
      const kinds = ['gateway', 'redis', 'postgres'] as const;
      while (Date.now() < end) {
        await pause(300 + Math.random() * 1_200);
        const kind = kinds[Math.floor(Math.random() * kinds.length)] ?? 'redis';
        counts[kind] += 1;
        await crashes[kind]();
      }
      await pause(1_000);
      const replies = await crowd.end();
      process.stderr.write(`crashes ${JSON.stringify(counts)}: ${crowd.summary()}\n`);
      expect(replies.length).toBeGreaterThan(SECONDS * 5);
      await eventually(() => everybodyIsBack(), 60_000);
      await eventually(async () => {
        const rows = await sql<{ id: string; credits: string }[]>`
          select id, credits_used::text as credits from public.user_transactions where user_id = ${account.userId}`;
        expectCharged(replies, new Map(rows.map(({ id, credits }) => [id, credits])));
        const [drift] = await sql`select * from public.reconcile_credits()`;
        expect(drift).toMatchObject({ balance_drift: '0.000000000', transaction_drift: '0' });
      }, 60_000);
      await eventually(() => nothingIsHeld(), 30_000);
    },
    SECONDS * 1_000 + 180_000,
  );

  async function everybodyIsBack(): Promise<void> {
    for (const gateway of gateways) {
      expect(await (await gateway.call('/health')).json()).toMatchObject({ database: 'up', redis: 'up' });
    }
  }

  /** The leases of killed gateways expire, and the next call frees what they held. */
  async function nothingIsHeld(): Promise<void> {
    const headers = { authorization: `Bearer ${account.key}` };
    const chat = { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }] };
    expect((await gateways[0]?.chat(chat, { headers }))?.status).toBe(200);
    const credits = await (await gateways[0]?.call('/v1/credits', { headers }))?.json();
    expect(credits).toMatchObject({ holds: '0.000000000' });
  }
});

describe('whatever crashes of the embedded default', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway({ env: { SETTLEMENT_INTERVAL_MS: '50', LOG_LEVEL: 'error' } });
  }, 60_000);

  it(
    'loses no charge and makes none twice',
    async () => {
      const crowd = new Crowd(() => gateway, gateway.key);
      crowd.begin(6);
      const end = Date.now() + (SECONDS * 1_000) / 2;
      for (let isChild = true; Date.now() < end; isChild = !isChild) {
        await pause(800 + Math.random() * 1_500);
        if (isChild) gateway.killDatabase();
        else {
          await gateway.kill();
          gateway = await gateway.restart();
        }
      }
      await pause(1_000);
      const replies = await crowd.end();
      process.stderr.write(`embedded: ${crowd.summary()}\n`);
      await eventually(async () => {
        const metrics = await (await gateway.call('/metrics')).text();
        expect(metrics).toMatch(/^gatewayz_journal_backlog 0$/m);
      }, 60_000);
      await gateway.stop();
      const rows = queryStopped<{ id: string; credits: string }>(
        gateway.dataDirectory,
        'select id, credits_used::text as credits from user_transactions',
      );
      expectCharged(replies, new Map(rows.map(({ id, credits }) => [id, credits])));
      expect(queryStopped(gateway.dataDirectory, 'select * from reconcile_credits()')).toMatchObject([
        { balance_drift: '0.000000000', transaction_drift: '0' },
      ]);
    },
    SECONDS * 1_000 + 120_000,
  );
});
