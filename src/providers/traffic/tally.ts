/** Upper bounds of latencies in milliseconds, each a quarter above the one before: quantiles are that exact. */
const BOUNDS: readonly number[] = Array.from({ length: 46 }, (_, step) => 10 * 1.25 ** step);

/** How calls went, as counts that can be added up: those of several models, and of several gateways. */
export interface Tally {
  readonly attempts: number;
  /** Of them, those that the provider answered. */
  readonly answered: number;
  /** Latencies of what was answered, by bucket of `BOUNDS` and one above them. */
  readonly latencies: readonly number[];
  /** The same counts for the last 24 hours. */
  readonly dayAttempts: number;
  readonly dayAnswered: number;
}

export const NO_CALLS: Tally = { attempts: 0, answered: 0, latencies: [], dayAttempts: 0, dayAnswered: 0 };

export function addUp(tallies: Iterable<Tally>): Tally {
  const sum = { ...NO_CALLS, latencies: new Array<number>(BOUNDS.length + 1).fill(0) };
  for (const tally of tallies) {
    sum.attempts += tally.attempts;
    sum.answered += tally.answered;
    sum.dayAttempts += tally.dayAttempts;
    sum.dayAnswered += tally.dayAnswered;
    for (const [bucket, count] of tally.latencies.entries())
      sum.latencies[bucket] = (sum.latencies[bucket] ?? 0) + count;
  }
  return sum;
}

export function bucketsOf(milliseconds: Iterable<number>): number[] {
  const counts = new Array<number>(BOUNDS.length + 1).fill(0);
  for (const value of milliseconds) {
    const found = BOUNDS.findIndex((bound) => value <= bound);
    const bucket = found < 0 ? BOUNDS.length : found;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

/** Milliseconds; undefined when there are fewer latencies than that. */
export function quantileOf({ latencies }: Tally, share: number, least: number): number | undefined {
  const all = latencies.reduce((sum, count) => sum + count, 0);
  if (all < least) return undefined;
  let left = share * all;
  for (const [bucket, count] of latencies.entries()) {
    if (left <= count && count > 0) return within(bucket, left / count);
    left -= count;
  }
  return BOUNDS.at(-1);
}

/** Between the bounds of a bucket, as if its latencies were spread evenly. */
function within(bucket: number, part: number): number {
  const upper = BOUNDS[bucket] ?? BOUNDS.at(-1) ?? 0;
  const lower = bucket === 0 ? 0 : (BOUNDS[bucket - 1] ?? upper);
  return lower + (upper - lower) * part;
}
