import { Logger } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { RedisUnavailableError } from '../redis/redis-errors.js';
import { LeaderService } from './leader.service.js';
import type { Lease, LeaseStore } from './lease-store.js';
import { LocalLeases } from './local-leases.js';

/** Leases of a store that is slow, or does not answer. */
class TroubledLeases implements LeaseStore {
  readonly leases = new LocalLeases();
  isAway = false;
  /** Nobody gets an answer before. */
  gate: Promise<void> = Promise.resolve();

  async acquire(name: string, lifetimeMs: number): Promise<Lease | undefined> {
    const lease = this.ask(() => this.leases.acquire(name, lifetimeMs));
    await this.gate;
    return lease;
  }

  async renew(lease: Lease, lifetimeMs: number): Promise<boolean> {
    return this.ask(() => this.leases.renew(lease, lifetimeMs));
  }

  async release(lease: Lease): Promise<void> {
    return this.ask(() => this.leases.release(lease));
  }

  private ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    return this.isAway ? Promise.reject(new RedisUnavailableError()) : question();
  }
}

describe('a leader', () => {
  let store: TroubledLeases;
  let leader: LeaderService;

  beforeEach(() => {
    Logger.overrideLogger(false);
    jest.useFakeTimers();
    store = new TroubledLeases();
    leader = new LeaderService(store, new MetricsRegistry({ METRICS_MAX_SERIES: 10 }));
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('is at each job once, and at others beside it', async () => {
    await leader.campaign();
    const end: PromiseWithResolvers<void> = Promise.withResolvers();
    const runs: string[] = [];
    const run = (job: string) =>
      leader.run(job, () => {
        runs.push(job);
        return end.promise;
      });
    const running = [run('a'), run('a'), run('b')];
    end.resolve();
    await Promise.all(running);
    await run('a');
    expect(runs).toEqual(['a', 'b', 'a']);
  });

  it('tries a job again that failed, and whoever asked for it hears why', async () => {
    await leader.campaign();
    await expect(leader.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const work = jest.fn(() => Promise.resolve());
    await leader.run('a', work);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('leads on without an answer, but not beyond its term', async () => {
    await leader.campaign();
    store.isAway = true;
    jest.advanceTimersByTime(14_000);
    await leader.campaign();
    expect(leader.isLeader).toBe(true);
    jest.advanceTimersByTime(1_000);
    await leader.campaign();
    expect(leader.isLeader).toBe(false);
    store.isAway = false;
    await leader.campaign();
    expect(leader.isLeader).toBe(true);
  });

  it('does not lose to itself when an answer takes longer than it waits to ask again', async () => {
    const answer: PromiseWithResolvers<void> = Promise.withResolvers();
    store.gate = answer.promise;
    const campaigns = [leader.campaign(), leader.campaign()];
    answer.resolve();
    await Promise.all(campaigns);
    expect(leader.isLeader).toBe(true);
  });

  it('leaves nothing behind when it is given the lead while it ends', async () => {
    const answer: PromiseWithResolvers<void> = Promise.withResolvers();
    store.gate = answer.promise;
    const campaign = leader.campaign();
    const ending = leader.beforeApplicationShutdown();
    answer.resolve();
    await Promise.all([campaign, ending]);
    expect(await store.leases.acquire('leader', 1)).toBeDefined();
  });

  it('ends also where nobody can be told', async () => {
    await leader.campaign();
    store.isAway = true;
    await leader.beforeApplicationShutdown();
    expect(leader.isLeader).toBe(false);
  });
});
