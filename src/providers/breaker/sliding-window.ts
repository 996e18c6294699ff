const BUCKETS = 10;

/** How many things went how in the last while: counts in a ring of buckets, the oldest of which is forgotten. */
export class SlidingWindow {
  private readonly total = new Uint32Array(BUCKETS);
  private readonly faults = new Uint32Array(BUCKETS);
  private readonly bucketMs: number;
  /** The number of the newest bucket since time began. */
  private newest = 0;

  constructor(lengthMs: number) {
    this.bucketMs = lengthMs / BUCKETS;
  }

  add(isFault: boolean, now: number): void {
    const at = this.advance(now);
    this.total[at] = (this.total[at] ?? 0) + 1;
    if (isFault) this.faults[at] = (this.faults[at] ?? 0) + 1;
  }

  counts(now: number): { total: number; faults: number } {
    this.advance(now);
    return { total: sum(this.total), faults: sum(this.faults) };
  }

  clear(): void {
    this.total.fill(0);
    this.faults.fill(0);
  }

  /** Forgets the buckets that time has passed; where to count now. */
  private advance(now: number): number {
    const current = Math.floor(now / this.bucketMs);
    const passed = Math.min(current - this.newest, BUCKETS);
    for (let step = 0; step < passed; step += 1) {
      const at = (current - step) % BUCKETS;
      this.total[at] = 0;
      this.faults[at] = 0;
    }
    this.newest = Math.max(current, this.newest);
    return this.newest % BUCKETS;
  }
}

function sum(counts: Uint32Array): number {
  let all = 0;
  for (const count of counts) all += count;
  return all;
}
