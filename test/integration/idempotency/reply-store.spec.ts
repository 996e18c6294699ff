import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { RedisUnavailableError } from '../../../src/platform/redis/redis-errors.js';
import { RedisService } from '../../../src/platform/redis/redis.service.js';
import { LocalReplies } from '../../../src/idempotency/persistence/local-replies.js';
import { RepliesWithoutRedis } from '../../../src/idempotency/persistence/replies-without-redis.js';
import { SharedReplies } from '../../../src/idempotency/persistence/shared-replies.js';
import type { ReplyStore, StoredReply, Ticket } from '../../../src/idempotency/reply-store.js';
import { hasRedis, startRedis, type RedisServer } from '../../support/redis.js';

const TTL_MS = 400;
const LIMITS = { IDEMPOTENCY_TTL_MS: TTL_MS, IDEMPOTENCY_TOTAL_BYTES: 10_000 };
const LASTING = { ...LIMITS, IDEMPOTENCY_TTL_MS: 60_000 };

let server: RedisServer | undefined;
let redis: Redis | undefined;
let service: RedisService | undefined;

function shared(limits: typeof LIMITS): ReplyStore {
  if (!service) throw new Error('Redis has not been started.');
  return new SharedReplies(service, limits);
}

/** One contract, wherever replies are kept. */
describe.each([
  { name: 'memory', isHere: true, open: (limits: typeof LIMITS): ReplyStore => new LocalReplies(limits) },
  { name: 'Redis', isHere: hasRedis(), open: shared },
])('replies kept in $name', ({ name, isHere, open }) => {
  const whereItIs = isHere ? it : it.skip;
  let store: ReplyStore;

  beforeAll(async () => {
    if (!isHere || name !== 'Redis') return;
    server = await startRedis();
    redis = await connect(server.url);
    service = serviceOf(redis);
  });

  afterAll(async () => {
    if (!isHere || name !== 'Redis') return;
    redis?.disconnect();
    await server?.stop();
  });

  beforeEach(async () => {
    if (!isHere) return;
    await redis?.flushall();
    store = open(LASTING);
  });

  whereItIs('gives a call to one of many that ask at the same time', async () => {
    const tickets = Array.from({ length: 20 }, () => ticketFor('same'));
    const claims = await Promise.all(tickets.map((ticket) => store.claim(ticket)));
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ outcome }) => outcome === 'running')).toHaveLength(19);
  });

  whereItIs('gives a kept reply to everybody who asks the same, with every byte and header', async () => {
    const ticket = ticketFor('kept');
    await store.claim(ticket);
    await store.keep(ticket, REPLY);
    expect(await store.claim(ticketFor('kept'))).toEqual({ outcome: 'stored', reply: REPLY });
    expect(await store.claim({ ...ticketFor('kept'), fingerprint: 'another' })).toEqual({ outcome: 'conflict' });
  });

  whereItIs('keeps an empty body, too', async () => {
    const ticket = ticketFor('empty');
    await store.claim(ticket);
    await store.keep(ticket, { ...REPLY, body: Buffer.alloc(0) });
    expect(await store.claim(ticketFor('empty'))).toMatchObject({ reply: { body: Buffer.alloc(0) } });
  });

  whereItIs('knows another request while the first is running', async () => {
    await store.claim(ticketFor('running'));
    expect(await store.claim({ ...ticketFor('running'), fingerprint: 'another' })).toEqual({ outcome: 'conflict' });
  });

  whereItIs('lets the next one try after a release, also with another request', async () => {
    const ticket = ticketFor('released');
    await store.claim(ticket);
    await store.release(ticketFor('released'));
    expect(await store.claim(ticketFor('released'))).toEqual({ outcome: 'running' });
    await store.release(ticket);
    expect(await store.claim({ ...ticketFor('released'), fingerprint: 'another' })).toEqual({ outcome: 'claimed' });
  });

  whereItIs('tells who makes a call whether somebody waits for it', async () => {
    const ticket = ticketFor('awaited');
    await store.claim(ticket);
    expect(await store.renew(ticket)).toBe(false);
    await store.claim(ticketFor('awaited'));
    expect(await store.renew(ticket)).toBe(true);
  });

  whereItIs('gives the call of a dead gateway to the next one, and then takes nothing from the dead', async () => {
    const [dead, next] = [ticketFor('lease'), ticketFor('lease')];
    await withLater(async (later) => {
      await store.claim(dead);
      await later(9_000);
      expect(await store.claim(next)).toEqual({ outcome: 'running' });
      await later(2_000);
      expect(await store.claim(next)).toEqual({ outcome: 'claimed' });
    });
    expect(await store.renew(dead)).toBe(false);
    await store.keep(dead, REPLY);
    await store.release(dead);
    expect(await store.claim(ticketFor('lease'))).toEqual({ outcome: 'running' });
  });

  whereItIs('a claim that is renewed does not expire, and a late reply is kept', async () => {
    const ticket = ticketFor('renewed');
    await withLater(async (later) => {
      await store.claim(ticket);
      await later(8_000);
      await store.renew(ticket);
      await later(8_000);
      expect(await store.claim(ticketFor('renewed'))).toEqual({ outcome: 'running' });
      await later(11_000);
    });
    await store.keep(ticket, REPLY);
    expect(await store.claim(ticketFor('renewed'))).toMatchObject({ outcome: 'stored' });
  });

  whereItIs('forgets a reply after its time', async () => {
    store = open(LIMITS);
    const ticket = ticketFor('ttl');
    await store.claim(ticket);
    await store.keep(ticket, REPLY);
    await new Promise((resolve) => setTimeout(resolve, TTL_MS + 100));
    expect(await store.claim(ticketFor('ttl'))).toEqual({ outcome: 'claimed' });
  });

  whereItIs('holds so many bytes and no more: the oldest replies go', async () => {
    const large = { ...REPLY, body: Buffer.alloc(3_000, 'x') };
    for (const name of ['a', 'b', 'c', 'd']) {
      const ticket = ticketFor(name);
      await store.claim(ticket);
      await store.keep(ticket, large);
    }
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((name) => store.claim(ticketFor(name))));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['claimed', 'stored', 'stored', 'stored']);
  });

  /** Runs with a clock that can be put forward; Redis has a clock of its own, which is put forward by hand. */
  async function withLater(story: (later: (ms: number) => Promise<void>) => Promise<void>): Promise<void> {
    const begun = Date.now();
    let passedMs = 0;
    const now = jest.spyOn(Date, 'now').mockImplementation(() => begun + passedMs);
    const later = async (ms: number) => {
      passedMs += ms;
      for (const key of name === 'Redis' ? ((await redis?.keys('*')) ?? []) : []) {
        const left = (await redis?.pttl(key)) ?? 0;
        await redis?.pexpire(key, left - ms);
      }
    };
    await story(later).finally(() => {
      now.mockRestore();
    });
  }
});

(hasRedis() ? describe : describe.skip)('in Redis', () => {
  it('every key has a time to live, and none shows the key of the client', async () => {
    const own = await startRedis();
    const client = await connect(own.url);
    const store = new SharedReplies(serviceOf(client), LASTING);
    const [kept, running] = [ticketFor('kept'), ticketFor('running')];
    await store.claim(kept);
    await store.keep(kept, REPLY);
    await store.claim(running);
    const keys = await client.keys('*');
    expect(keys).toHaveLength(4);
    for (const key of keys) {
      expect(key).toMatch(/^gatewayz:idempotency:\{[\w]+\}/);
      expect(await client.pttl(key)).toBeGreaterThan(0);
    }
    client.disconnect();
    await own.stop();
  });
});

async function connect(url: string): Promise<Redis> {
  // Gives up at once, as the gateway's own connection does.
  const client = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, lazyConnect: true });
  await client.connect();
  return client;
}

function serviceOf(client: Redis): RedisService {
  return new RedisService({ backend: () => undefined } as never, client);
}

(hasRedis() ? describe : describe.skip)('while Redis is away', () => {
  let own: RedisServer;
  let client: Redis;
  let store: ReplyStore;

  beforeEach(async () => {
    own = await startRedis();
    client = await connect(own.url);
    store = new SharedReplies(serviceOf(client), LASTING);
  });

  afterEach(async () => {
    client.disconnect();
    await own.stop();
  });

  it('nothing is claimed, unless the gateway was told to go on by itself', async () => {
    const alone = new RepliesWithoutRedis(store, new LocalReplies(LASTING));
    await own.kill();
    await expect(store.claim(ticketFor('away'))).rejects.toBeInstanceOf(RedisUnavailableError);
    const ticket = ticketFor('away');
    expect(await alone.claim(ticket)).toEqual({ outcome: 'claimed' });
    expect(await alone.claim(ticketFor('away'))).toEqual({ outcome: 'running' });
    expect(await alone.renew(ticket)).toBe(true);
    await alone.keep(ticket, REPLY);
    expect(await alone.claim(ticketFor('away'))).toEqual({ outcome: 'stored', reply: REPLY });
    const other = ticketFor('other');
    await alone.claim(other);
    await alone.release(other);
    expect(await alone.claim(other)).toEqual({ outcome: 'claimed' });
  });

  it('a call that was claimed before is kept where somebody answers', async () => {
    const alone = new RepliesWithoutRedis(store, new LocalReplies(LASTING));
    const ticket = ticketFor('going');
    await alone.claim(ticket);
    await own.kill();
    await alone.keep(ticket, REPLY);
    expect(await alone.claim(ticketFor('going'))).toMatchObject({ outcome: 'stored' });
  });
});

const REPLY: StoredReply = {
  requestId: 'req_1',
  status: 200,
  headers: { 'content-type': 'application/json', 'x-gatewayz-cost': '0.000000001' },
  body: Buffer.from('{"text":"Grüße 👋\\u0000"}'),
};

function ticketFor(id: string): Ticket {
  return { id, fingerprint: `what ${id} asks`, owner: randomUUID() };
}
