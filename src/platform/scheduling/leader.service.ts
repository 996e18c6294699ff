import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { LEASE_STORE, type Lease, type LeaseStore } from './lease-store.js';

const LEADER = 'leader';
/** How long the others wait for a leader that died. */
const LEASE_MS = 15_000;
const CAMPAIGN_MS = LEASE_MS / 3;

/** A time in which this gateway leads. */
export interface Term {
  /** Another gateway may lead now: what is under way must come to its end. */
  readonly isOver: boolean;
}

/**
 * Of several gateways that share a Redis one leads, and runs the jobs that are for one at a time; without Redis each
 * leads itself. So a job must be right, if wasteful, also where two run it.
 */
@Injectable()
export class LeaderService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(LeaderService.name);
  private readonly running = new Set<string>();
  private lease: Lease | undefined;
  private endsAt = 0;
  private campaigning: Promise<void> | undefined;
  private isEnding = false;

  constructor(
    @Inject(LEASE_STORE) private readonly leases: LeaseStore,
    registry: MetricsRegistry,
  ) {
    registry.gauge({
      group: 'system',
      name: 'gatewayz_leader',
      help: 'Whether this gateway runs the jobs that are for one gateway at a time.',
      collect: (gauge) => {
        gauge.set(this.isLeader ? 1 : 0);
      },
    });
  }

  get isLeader(): boolean {
    return this.lease !== undefined && performance.now() < this.endsAt;
  }

  /** Runs the job if this gateway leads and is not at it already. @throws whatever the job throws */
  async run(job: string, work: (term: Term) => Promise<void>): Promise<void> {
    if (!this.isLeader || this.running.has(job)) return;
    this.running.add(job);
    try {
      await work(this.termOf(this.lease));
    } finally {
      this.running.delete(job);
    }
  }

  /** Begins without waiting: Redis may come later. */
  onApplicationBootstrap(): void {
    void this.campaign();
  }

  /** Renews what it has, or tries to get what another one may have left. */
  @Interval(CAMPAIGN_MS)
  async campaign(): Promise<void> {
    if (this.isEnding) return;
    // Of two at once, one would take the lease that the other just got for somebody else's.
    this.campaigning ??= this.renewOrAcquire().finally(() => (this.campaigning = undefined));
    await this.campaigning;
  }

  /** The next one need not wait. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    await this.campaigning;
    const { lease } = this;
    this.lease = undefined;
    if (!lease) return;
    await this.leases.release(lease).catch((error: unknown) => {
      this.log.debug({ err: error }, 'the lease will end by itself');
    });
  }

  private async renewOrAcquire(): Promise<void> {
    // Counted from before the question: the store counts from a moment after it.
    const endsAt = performance.now() + LEASE_MS;
    try {
      if (this.lease && (await this.leases.renew(this.lease, LEASE_MS))) this.endsAt = endsAt;
      else this.turn(await this.leases.acquire(LEADER, LEASE_MS), endsAt);
    } catch (error) {
      // Whoever leads does so until the lease ends; its loss is told when the store answers again.
      this.log.debug({ err: error }, 'the leases cannot be asked');
    }
  }

  private turn(lease: Lease | undefined, endsAt: number): void {
    if (lease) this.log.log({ term: lease.term }, 'this gateway leads');
    else if (this.lease) this.log.warn({ term: this.lease.term }, 'this gateway leads no more');
    this.lease = lease;
    this.endsAt = endsAt;
  }

  private termOf(lease: Lease | undefined): Term {
    const isOver = (): boolean => !this.isLeader || this.lease !== lease;
    return {
      get isOver() {
        return isOver();
      },
    };
  }
}
