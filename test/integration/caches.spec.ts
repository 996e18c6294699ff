import { Redis } from 'ioredis';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { findPostgres, startPostgres, type Postgres } from '../support/postgres.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';

const bin = findPostgres();
const isHere = hasRedis() && bin !== undefined;

interface Figures {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
}

(isHere ? describe : describe.skip)('caches of two gateways behind one Redis', () => {
  let postgres: Postgres;
  let redis: RedisServer;
  let client: Redis;
  let one: Gateway;
  let two: Gateway;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(bin ?? ''), startRedis()]);
    client = new Redis(redis.url);
    const env = {
      API_KEY_PEPPER: 'a pepper of more than thirty-two characters',
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
    };
    one = await startGateway({ env });
    two = await startGateway({ env, after: { key: one.key, dataDirectory: undefined as never } });
  });

  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    client.disconnect();
    await Promise.all([postgres.stop(), redis.stop()]);
  });

  const figures = async (gateway: Gateway, name: string) => {
    const { caches } = (await (await gateway.call('/api/cache/stats')).json()) as {
      caches: (Figures & { name: string })[];
    };
    return caches.find((cache) => cache.name === name) ?? { entries: 0, hits: 0, misses: 0 };
  };
  const clear = async (gateway: Gateway, scope: string) =>
    (await gateway.call(`/api/cache/clear?scope=${scope}`, { method: 'DELETE' })).json();
  const known = async () => {
    const names = await client.keys('gatewayz:auth:*');
    return names.length === 0 ? [] : client.mget(...names);
  };

  it('are emptied on both by a word to one of them', async () => {
    const { misses } = await figures(two, 'auth');
    expect((await figures(two, 'auth')).misses).toBe(misses);
    expect(await clear(one, 'auth')).toEqual({ cleared: ['auth'], gateways: 2 });
    await eventually(async () => {
      expect((await figures(two, 'auth')).misses).toBe(misses + 1);
    });
  });

  it('tell how often one gateway was helped by what another had looked up', async () => {
    await clear(one, 'auth_shared');
    await clear(one, 'auth');
    await one.call('/v1/key');
    const before = await figures(two, 'auth_shared');
    expect(before).toMatchObject({ entries: 1 });
    await clear(one, 'auth');
    await eventually(async () => {
      expect((await figures(two, 'auth_shared')).hits).toBeGreaterThan(before.hits);
    });
  });

  it('forget what they know of keys, but never that one was changed a moment ago', async () => {
    const made = await one.call('/v1/keys', {
      method: 'POST',
      body: JSON.stringify({ name: 'for a moment' }),
      headers: { 'content-type': 'application/json' },
    });
    const { id, key } = (await made.json()) as { id: string; key: string };
    await two.call('/v1/key', { headers: { authorization: `Bearer ${key}` } });
    expect((await one.call(`/v1/keys/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await known()).toContain('changed');
    expect(await clear(two, 'auth_shared')).toMatchObject({ cleared: ['auth_shared'] });
    expect(await known()).toEqual(['changed']);
  });

  it('are emptied on one alone while Redis is away, and it says so', async () => {
    await redis.kill();
    await eventually(async () => {
      expect(await clear(one, 'auth')).toEqual({ cleared: ['auth'], gateways: null });
    });
    await redis.restart();
    await eventually(async () => {
      expect(await clear(one, 'auth')).toEqual({ cleared: ['auth'], gateways: 2 });
    });
  });
});
