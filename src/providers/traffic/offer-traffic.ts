import { RecentAttempts, type AttemptFigures } from './recent-attempts.js';
import { bucketsOf, type Tally } from './tally.js';

/** What is known of an offer from real traffic; undefined is unknown. */
export interface TrafficSnapshot {
  /** In the last five minutes. */
  readonly attempts: number;
  readonly successRate: number | undefined;
  readonly latencyP50Ms: number | undefined;
  readonly latencyP95Ms: number | undefined;
  readonly firstTokenP50Ms: number | undefined;
  readonly firstTokenP95Ms: number | undefined;
  readonly tokensPerSecond: number | undefined;
  /** Of the attempts of the last 24 hours, the share that was answered. */
  readonly uptime: number | undefined;
  /** When it was last asked; milliseconds since 1970. */
  readonly lastAt: number | undefined;
}

const WINDOW_MS = 5 * 60_000;
/** Fewer than these say nothing. */
const LEAST_SAMPLES = 5;
const SLOT_MS = 5 * 60_000;
const SLOTS = (24 * 60 * 60_000) / SLOT_MS;
/** A snapshot is good for so long: it costs some sorting, and is asked for by every call. */
const SNAPSHOT_MS = 1_000;

/** The last five minutes of an offer in samples, and its last day in counts. Pure but for the clock that it is given. */
export class OfferTraffic {
  private readonly recent = new RecentAttempts();
  private readonly answered = new Uint32Array(SLOTS);
  private readonly asked = new Uint32Array(SLOTS);
  private newestSlot = 0;
  private attempts = 0;
  private good = 0;
  private cached: { readonly at: number; readonly snapshot: TrafficSnapshot } | undefined;

  constructor(private readonly now: () => number) {}

  observe(figures: AttemptFigures): void {
    const at = this.now();
    this.recent.add(figures, at);
    const slot = this.slotAt(at);
    this.asked[slot] = (this.asked[slot] ?? 0) + 1;
    this.attempts += 1;
    if (!figures.isOk) return;
    this.answered[slot] = (this.answered[slot] ?? 0) + 1;
    this.good += 1;
  }

  /** Since the gateway began to watch; it only grows. */
  total(): Pick<Tally, 'attempts' | 'answered'> {
    return { attempts: this.attempts, answered: this.good };
  }

  snapshot(): TrafficSnapshot {
    const now = this.now();
    if (this.cached && now - this.cached.at < SNAPSHOT_MS) return this.cached.snapshot;
    const snapshot = this.summarise(now);
    this.cached = { at: now, snapshot };
    return snapshot;
  }

  /** The same facts as counts, which add up with those of others. */
  tally(): Tally {
    const now = this.now();
    const start = now - WINDOW_MS;
    const { attempts, good } = this.recent.countsSince(start);
    const firstTokens = this.recent.sortedSince(start, 'firstTokenMs');
    // Replies that are no streams have no first token of their own.
    const latencies = firstTokens.length > 0 ? firstTokens : this.recent.sortedSince(start, 'durationMs');
    this.slotAt(now);
    return {
      attempts,
      answered: good,
      latencies: bucketsOf(latencies),
      dayAttempts: sum(this.asked),
      dayAnswered: sum(this.answered),
    };
  }

  private summarise(now: number): TrafficSnapshot {
    const start = now - WINDOW_MS;
    const { attempts, good, lastAt } = this.recent.countsSince(start);
    const latencies = this.recent.sortedSince(start, 'durationMs');
    const firstTokens = this.recent.sortedSince(start, 'firstTokenMs');
    return {
      attempts,
      successRate: attempts >= LEAST_SAMPLES ? good / attempts : undefined,
      latencyP50Ms: quantile(latencies, 0.5),
      latencyP95Ms: quantile(latencies, 0.95),
      firstTokenP50Ms: quantile(firstTokens, 0.5),
      firstTokenP95Ms: quantile(firstTokens, 0.95),
      tokensPerSecond: quantile(this.recent.sortedSince(start, 'tokensPerSecond'), 0.5),
      uptime: this.uptime(now),
      lastAt,
    };
  }

  private uptime(now: number): number | undefined {
    this.slotAt(now);
    const asked = sum(this.asked);
    return asked === 0 ? undefined : sum(this.answered) / asked;
  }

  /** Forgets the slots that time has passed; where to count now. */
  private slotAt(now: number): number {
    const current = Math.floor(now / SLOT_MS);
    const passed = Math.min(current - this.newestSlot, SLOTS);
    for (let step = 0; step < passed; step += 1) {
      const slot = (current - step) % SLOTS;
      this.asked[slot] = 0;
      this.answered[slot] = 0;
    }
    this.newestSlot = Math.max(current, this.newestSlot);
    return this.newestSlot % SLOTS;
  }
}

function sum(counts: Uint32Array): number {
  let all = 0;
  for (const count of counts) all += count;
  return all;
}

function quantile(ascending: Float64Array, share: number): number | undefined {
  if (ascending.length < LEAST_SAMPLES) return undefined;
  return ascending[Math.min(Math.floor(ascending.length * share), ascending.length - 1)];
}
