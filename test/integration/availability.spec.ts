import { answersStatus, completes } from '../support/chat-answers.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { findPostgres, startPostgres, type Postgres } from '../support/postgres.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';
import { ScriptedServer } from '../support/scripted-server.js';

const MODEL = 'openai/gpt-4o';
const SOON_MS = 1_000;
const bin = findPostgres();
const isHere = hasRedis() && bin !== undefined;

(isHere ? describe : describe.skip)('what one of two gateways finds out', () => {
  let upstream: ScriptedServer;
  let postgres: Postgres;
  let redis: RedisServer;
  let one: Gateway;
  let two: Gateway;

  beforeAll(async () => {
    [upstream, postgres, redis] = await Promise.all([
      ScriptedServer.start(answersStatus(404)),
      startPostgres(bin ?? ''),
      startRedis(),
    ]);
    one = await startGateway({ env: env() });
    two = await startAnother();
    upstream.answer = completes('Hello');
  });

  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    await Promise.all([postgres.stop(), redis.stop(), upstream.close()]);
  });

  const env = () => ({
    API_KEY_PEPPER: 'a pepper of more than thirty-two characters',
    CREDENTIALS_KEY: 'a key of more than thirty-two characters',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    OPENAI_API_KEY: 'sk-first-key-0123456789',
    OPENAI_BASE_URL: upstream.url,
    BREAKER_OPEN_MS: '30000',
  });

  /** It asks for the list of models, and gets none. */
  async function startAnother(): Promise<Gateway> {
    upstream.answer = answersStatus(404);
    const before = upstream.requests.length;
    const gateway = await startGateway({ env: env(), after: { key: one.key, dataDirectory: undefined as never } });
    await eventually(() => {
      expect(upstream.requests.length).toBeGreaterThan(before);
    });
    return gateway;
  }

  const ask = async (gateway: Gateway): Promise<number> => {
    const response = await gateway.chat({ model: MODEL, messages: [{ role: 'user', content: 'Hi' }] });
    await response.text();
    return response.status;
  };
  const offerAt = async (gateway: Gateway): Promise<object | undefined> => {
    const response = await gateway.call(`/availability/model/${MODEL}`);
    return ((await response.json()) as { offers: object[] }).offers[0];
  };
  const soonAt = (gateway: Gateway, offer: object) =>
    eventually(async () => {
      expect(await offerAt(gateway)).toMatchObject(offer);
    }, SOON_MS);
  const reset = (gateway: Gateway) => gateway.call('/circuit-breakers/openai/reset', { method: 'POST' });

  it('about a broken offer, the other knows within a second, and so does one that starts later', async () => {
    upstream.answer = answersStatus(500);
    for (let call = 0; call < 5; call += 1) await ask(one);
    await soonAt(two, { status: 'unavailable', breaker: 'open' });
    const three = await startAnother();
    await soonAt(three, { breaker: 'open' });
    await three.stop();
  });

  it('and what an administrator resets at one is reset at both', async () => {
    upstream.answer = completes('Hello');
    expect((await reset(two)).status).toBe(200);
    await soonAt(one, { breaker: 'closed' });
    expect(await ask(one)).toBe(200);
  });

  it('about the rest that a provider asks for, the other heeds too, until somebody resets it', async () => {
    upstream.answer = answersStatus(429, { 'retry-after': '60' });
    expect(await ask(one)).toBe(429);
    await soonAt(two, { status: 'unavailable', reason: 'paused' });
    const asked = upstream.requests.length;
    expect(await ask(two)).toBe(429);
    expect(upstream.requests).toHaveLength(asked);
    upstream.answer = completes('Hello');
    await reset(two);
    await soonAt(one, { unavailable_until: null });
    expect(await ask(one)).toBe(200);
  });

  it('is told about maintenance as well', async () => {
    const planned = await one.call('/availability/maintenance/openai', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'new racks' }),
    });
    expect(planned.status).toBe(200);
    await soonAt(two, { status: 'maintenance', maintenance: { reason: 'new racks' } });
    expect([await ask(one), await ask(two)]).toEqual([503, 503]);
    expect((await two.call('/availability/maintenance/openai', { method: 'DELETE' })).status).toBe(204);
    await soonAt(one, { maintenance: null });
    expect([await ask(one), await ask(two)]).toEqual([200, 200]);
  });

  it('is told what administrators say of the catalogue', async () => {
    const change = (gateway: Gateway, path: string, body: object) =>
      gateway.call(`/admin/${path}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await change(one, `models/${MODEL}`, { provider: 'openai', active: false })).status).toBe(200);
    await eventually(async () => {
      expect(await ask(two)).toBe(404);
    }, SOON_MS);
    expect((await change(two, `models/${MODEL}`, { provider: 'openai', active: true })).status).toBe(200);
    await eventually(async () => {
      expect(await ask(one)).toBe(200);
    }, SOON_MS);
  });

  it('goes on by itself while Redis is away', async () => {
    await redis.kill();
    const planned = await one.call('/availability/maintenance/openai', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(planned.status).toBe(200);
    expect(await offerAt(one)).toMatchObject({ status: 'maintenance' });
    await eventually(async () => {
      expect(await offerAt(two)).toMatchObject({ status: 'maintenance' });
    }, 12_000);
    await redis.restart();
  });
});
