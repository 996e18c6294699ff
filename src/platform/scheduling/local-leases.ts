import type { Lease, LeaseStore } from './lease-store.js';

/** For a gateway without Redis, which knows of no others. */
export class LocalLeases implements LeaseStore {
  private readonly held = new Map<string, Lease & { readonly endsAt: number }>();
  private lastTerm = 0;

  acquire(name: string, lifetimeMs: number): Promise<Lease | undefined> {
    if (this.current(name)) return Promise.resolve(undefined);
    const lease = { name, term: (this.lastTerm += 1) };
    this.hold(lease, lifetimeMs);
    return Promise.resolve(lease);
  }

  renew(lease: Lease, lifetimeMs: number): Promise<boolean> {
    const isCurrent = this.current(lease.name)?.term === lease.term;
    if (isCurrent) this.hold(lease, lifetimeMs);
    return Promise.resolve(isCurrent);
  }

  release({ name, term }: Lease): Promise<void> {
    if (this.current(name)?.term === term) this.held.delete(name);
    return Promise.resolve();
  }

  private hold(lease: Lease, lifetimeMs: number): void {
    this.held.set(lease.name, { ...lease, endsAt: performance.now() + lifetimeMs });
  }

  private current(name: string): Lease | undefined {
    const lease = this.held.get(name);
    return lease && lease.endsAt > performance.now() ? lease : undefined;
  }
}
