import { Redis } from 'ioredis';
import connect from 'postgres';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { createAccount, PEPPER, type Account } from '../support/accounts.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { findPostgres, startPostgres, type Postgres } from '../support/postgres.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';

const programs = findPostgres();
const isPossible = programs !== undefined && hasRedis();
const MODEL = 'sandbox/echo-1';

(isPossible ? describe : describe.skip)('the health of a provider that two gateways serve from', () => {
  let sandbox: Sandbox;
  let database: Postgres;
  let server: RedisServer;
  let redis: Redis;
  let sql: connect.Sql;
  let gateways: Gateway[];
  let account: Account;

  beforeAll(async () => {
    [sandbox, database, server] = await Promise.all([startSandbox(), startPostgres(programs ?? ''), startRedis()]);
    sql = connect(database.url, { max: 2, onnotice: () => undefined });
    redis = new Redis(server.url);
    const env = {
      API_KEY_PEPPER: PEPPER,
      DATABASE_URL: database.url,
      REDIS_URL: server.url,
      SANDBOX_BASE_URL: sandbox.url,
      HEALTH_INTERVAL_MS: '1000',
      LOG_LEVEL: 'error',
    };
    const first = await startGateway({ env });
    gateways = [first, await startGateway({ env, after: { key: first.key, dataDirectory: undefined as never } })];
    account = await createAccount(sql, '1000');
  }, 120_000);

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await sql.end();
    redis.disconnect();
    await Promise.all([database.stop(), server.stop(), sandbox.close()]);
  });

  const ask = async (gateway: Gateway | undefined, times: number) => {
    for (let call = 0; call < times; call += 1) {
      const response = await gateway?.chat(
        { model: MODEL, messages: [{ role: 'user', content: 'Hi' }] },
        { headers: { authorization: `Bearer ${account.key}` } },
      );
      await response?.text();
    }
  };

  it('is the same on both, and from what both saw', async () => {
    const [first, second] = gateways;
    await ask(first, 4);
    await ask(second, 3);
    sandbox.schedule([{ fault: 'status', status: 500 }]);
    await ask(second, 1);
    await eventually(async () => {
      for (const gateway of gateways)
        expect(await (await gateway.call('/health/providers/sandbox')).json()).toMatchObject({
          status: 'degraded',
          attempts: 8,
          faults: 1,
          error_rate: 0.125,
          gateways: 2,
        });
    });
  });

  it('is written down once, by the one that leads, in Redis and in the database', async () => {
    await eventually(async () => {
      const [row] = await sql`select status, error_count, availability, error_rate from public.provider_health
        where provider_id = 'sandbox'`;
      expect(row).toEqual({ status: 'degraded', error_count: 1, availability: 1, error_rate: 0.125 });
      const [model] = await sql`select provider_id, uptime_24h from public.model_health where model_id = ${MODEL}`;
      expect(model).toEqual({ provider_id: 'sandbox', uptime_24h: 0.875 });
      expect(JSON.parse((await redis.get('provider_health:sandbox')) ?? '{}')).toMatchObject({ status: 'degraded' });
      expect(JSON.parse((await redis.get(`model_availability:${MODEL}`)) ?? '{}')).toMatchObject({ id: MODEL });
    });
    expect(await redis.ttl('provider_health:sandbox')).toBeGreaterThan(0);
    const leaders = await Promise.all(
      gateways.map(async (gateway) => /gatewayz_leader 1/.test(await (await gateway.call('/metrics')).text())),
    );
    expect(leaders.filter(Boolean)).toHaveLength(1);
  });
});
