import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { MetricsRegistry } from '../../src/platform/metrics/metrics-registry.js';
import { RedisService } from '../../src/platform/redis/redis.service.js';
import { LeaderService, type Term } from '../../src/platform/scheduling/leader.service.js';
import type { LeaseStore } from '../../src/platform/scheduling/lease-store.js';
import { LocalLeases } from '../../src/platform/scheduling/local-leases.js';
import { SharedLeases } from '../../src/platform/scheduling/shared-leases.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';

const LIFETIME_MS = 15_000;
const RENEWAL_MS = 5_000;
/** Only what measures how long something took is put forward; sockets live in real time. */
const REAL = [
  ...(['Date', 'hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];
const isThere = hasRedis();
let server: RedisServer;
let operator: Redis;

/** Two who know of each other, and a clock that can be put forward. */
interface Subject {
  readonly one: LeaseStore;
  readonly two: LeaseStore;
  readonly pass: (ms: number) => Promise<void>;
  close(): void;
}

function inProcess(): Subject {
  const leases = new LocalLeases();
  const pass = (ms: number): Promise<void> => {
    jest.advanceTimersByTime(ms);
    return Promise.resolve();
  };
  return { one: leases, two: leases, pass, close: () => undefined };
}

function inRedis(): Subject {
  const services = [1, 2].map(() => {
    const client = new Redis(server.url);
    return new RedisService({ backend: () => undefined } as never, client);
  });
  const [one, two] = services.map((service) => new SharedLeases(service));
  if (!one || !two) throw new Error('There are two.');
  const pass = async (ms: number): Promise<void> => {
    jest.advanceTimersByTime(ms);
    for (const key of await operator.keys('*')) await operator.pexpire(key, (await operator.pttl(key)) - ms);
  };
  const close = (): void => {
    for (const service of services) service.onApplicationShutdown();
  };
  return { one, two, pass, close };
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  if (!isThere) return;
  server = await startRedis();
  operator = new Redis(server.url);
});

afterAll(async () => {
  if (!isThere) return;
  operator.disconnect();
  await server.stop();
});

const SUBJECTS: [string, () => Subject][] = [['one process', inProcess]];
if (isThere) SUBJECTS.push(['a Redis', inRedis]);

/** One contract, wherever leases are kept. */
describe.each(SUBJECTS)('in %s', (name, open) => {
  let subject: Subject;

  beforeEach(async () => {
    if (isThere) await operator.flushall();
    jest.useFakeTimers({ doNotFake: [...REAL] });
    subject = open();
  });

  afterEach(() => {
    subject.close();
    jest.useRealTimers();
  });

  describe('a lease', () => {
    it('is held by one at a time, each name by itself, and its terms grow', async () => {
      const { one, two } = subject;
      const lease = await one.acquire('a', LIFETIME_MS);
      expect(await two.acquire('a', LIFETIME_MS)).toBeUndefined();
      expect(await two.acquire('b', LIFETIME_MS)).toMatchObject({ name: 'b' });
      if (lease) await one.release(lease);
      expect((await two.acquire('a', LIFETIME_MS))?.term).toBeGreaterThan(lease?.term ?? Infinity);
    });

    it('is given to one of many that ask at once', async () => {
      const { one, two } = subject;
      const asked = Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).acquire('a', LIFETIME_MS));
      expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('lasts as long as it is renewed, and ends by itself', async () => {
      const { one, two, pass } = subject;
      const lease = await one.acquire('a', LIFETIME_MS);
      if (!lease) throw new Error('Nobody had it.');
      for (let renewals = 0; renewals < 5; renewals += 1) {
        await pass(LIFETIME_MS - 1_000);
        expect(await one.renew(lease, LIFETIME_MS)).toBe(true);
      }
      expect(await two.acquire('a', LIFETIME_MS)).toBeUndefined();
      await pass(LIFETIME_MS);
      expect(await one.renew(lease, LIFETIME_MS)).toBe(false);
      expect(await two.acquire('a', LIFETIME_MS)).toMatchObject({ name: 'a' });
    });

    it('that ended can neither be renewed nor taken back from its next holder', async () => {
      const { one, two, pass } = subject;
      const old = await one.acquire('a', LIFETIME_MS);
      if (!old) throw new Error('Nobody had it.');
      await pass(LIFETIME_MS);
      const next = await two.acquire('a', LIFETIME_MS);
      if (!next) throw new Error('It had ended.');
      expect(await one.renew(old, LIFETIME_MS)).toBe(false);
      await one.release(old);
      expect(await two.renew(next, LIFETIME_MS)).toBe(true);
    });

    (name === 'a Redis' ? it : it.skip)('is not mistaken for another one when Redis lost its data', async () => {
      const { one, two } = subject;
      const old = await one.acquire('a', LIFETIME_MS);
      await operator.flushall();
      const next = await two.acquire('a', LIFETIME_MS);
      if (!old || !next) throw new Error('Both got it.');
      expect(next.term).toBe(old.term);
      expect(await one.renew(old, LIFETIME_MS)).toBe(false);
      await one.release(old);
      expect(await two.renew(next, LIFETIME_MS)).toBe(true);
    });
  });

  describe('of two gateways', () => {
    let one: LeaderService;
    let two: LeaderService;
    let registry: MetricsRegistry;
    let ran: string[];

    const leader = (leases: LeaseStore, metrics = new MetricsRegistry({ METRICS_MAX_SERIES: 10 })) =>
      new LeaderService(leases, metrics);
    /** Both are at the same job, and it is noted who really was. */
    const runOnBoth = async (): Promise<string[]> => {
      ran = [];
      for (const [who, gateway] of Object.entries({ one, two })) {
        await gateway.run('a job', () => {
          ran.push(who);
          return Promise.resolve();
        });
      }
      return ran;
    };

    beforeEach(async () => {
      registry = new MetricsRegistry({ METRICS_MAX_SERIES: 10 });
      [one, two] = [leader(subject.one, registry), leader(subject.two)];
      await one.campaign();
      await two.campaign();
    });

    it('one leads as long as it lives, and runs the jobs', async () => {
      for (let rounds = 0; rounds < 6; rounds += 1) {
        expect(await runOnBoth()).toEqual(['one']);
        await subject.pass(RENEWAL_MS);
        await two.campaign();
        await one.campaign();
      }
      expect(await registry.read('gatewayz_leader')).toMatchObject([{ value: 1 }]);
    });

    it('the other follows one that died, not before its term was over', async () => {
      await subject.pass(LIFETIME_MS - 1_000);
      await two.campaign();
      expect(two.isLeader).toBe(false);
      await subject.pass(1_000);
      await two.campaign();
      expect(two.isLeader).toBe(true);
    });

    it('one that was frozen does nothing more, and what it was at learns that its term is over', async () => {
      const frozen: PromiseWithResolvers<Term> = Promise.withResolvers();
      const end: PromiseWithResolvers<void> = Promise.withResolvers();
      const job = one.run('a long job', (term) => {
        frozen.resolve(term);
        return end.promise;
      });
      const term = await frozen.promise;
      expect(term.isOver).toBe(false);
      await subject.pass(LIFETIME_MS);
      expect(term.isOver).toBe(true);
      expect(await runOnBoth()).toEqual([]);
      await two.campaign();
      await one.campaign();
      expect(await runOnBoth()).toEqual(['two']);
      expect(await registry.read('gatewayz_leader')).toMatchObject([{ value: 0 }]);
      // It leads again, but that is another term.
      await two.beforeApplicationShutdown();
      await one.campaign();
      expect([one.isLeader, term.isOver]).toEqual([true, true]);
      end.resolve();
      await job;
    });

    it('the other leads at once when one ends in peace, which leads no more', async () => {
      await one.beforeApplicationShutdown();
      await two.campaign();
      await one.campaign();
      expect(await runOnBoth()).toEqual(['two']);
    });
  });
});
