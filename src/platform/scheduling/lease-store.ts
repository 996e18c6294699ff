/** The right to do, for a while, what only one gateway at a time shall do. */
export interface Lease {
  readonly name: string;
  /** Grows with each lease of the name, so that nothing of an older one is taken for this one. */
  readonly term: number;
}

/** Who holds which lease. One contract suite runs for every implementation. */
export interface LeaseStore {
  /** Undefined while somebody has it. @throws RedisUnavailableError */
  acquire(name: string, lifetimeMs: number): Promise<Lease | undefined>;
  /** Whether it had not ended, and so lasts for the whole time from now. @throws RedisUnavailableError */
  renew(lease: Lease, lifetimeMs: number): Promise<boolean>;
  /** Nothing, when it has ended already. @throws RedisUnavailableError */
  release(lease: Lease): Promise<void>;
}

/** For `@Inject(LEASE_STORE)`. */
export const LEASE_STORE = Symbol('LEASE_STORE');
