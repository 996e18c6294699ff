/** How an attempt went. Milliseconds. */
export interface AttemptFigures {
  readonly isOk: boolean;
  /** From the request to the end of the reply; undefined when it has none. */
  readonly durationMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly tokensPerSecond: number | undefined;
}

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
/** So many of the newest attempts tell enough of a window, however busy it was. */
const SAMPLES = 256;
/** Fewer than these say nothing. */
const LEAST_SAMPLES = 5;
const SLOT_MS = 5 * 60_000;
const SLOTS = (24 * 60 * 60_000) / SLOT_MS;
/** A snapshot is good for so long: it costs some sorting, and is asked for by every call. */
const SNAPSHOT_MS = 1_000;

interface Sample extends AttemptFigures {
  readonly at: number;
}

/** The last five minutes of an offer in samples, and its last day in counts. Pure but for the clock that it is given. */
export class OfferTraffic {
  private readonly samples: Sample[] = [];
  private nextSample = 0;
  private readonly answered = new Uint32Array(SLOTS);
  private readonly asked = new Uint32Array(SLOTS);
  private newestSlot = 0;
  private cached: { readonly at: number; readonly snapshot: TrafficSnapshot } | undefined;

  constructor(private readonly now: () => number) {}

  observe(figures: AttemptFigures): void {
    const at = this.now();
    this.samples[this.nextSample] = { ...figures, at };
    this.nextSample = (this.nextSample + 1) % SAMPLES;
    const slot = this.slotAt(at);
    this.asked[slot] = (this.asked[slot] ?? 0) + 1;
    if (figures.isOk) this.answered[slot] = (this.answered[slot] ?? 0) + 1;
  }

  snapshot(): TrafficSnapshot {
    const now = this.now();
    if (this.cached && now - this.cached.at < SNAPSHOT_MS) return this.cached.snapshot;
    const snapshot = this.summarise(now);
    this.cached = { at: now, snapshot };
    return snapshot;
  }

  private summarise(now: number): TrafficSnapshot {
    const recent = this.samples.filter(({ at }) => at > now - WINDOW_MS);
    const good = recent.filter(({ isOk }) => isOk);
    const latencies = sorted(good.map(({ durationMs }) => durationMs));
    const firstTokens = sorted(good.map(({ firstTokenMs }) => firstTokenMs));
    const isEnough = recent.length >= LEAST_SAMPLES;
    return {
      attempts: recent.length,
      successRate: isEnough ? good.length / recent.length : undefined,
      latencyP50Ms: quantile(latencies, 0.5),
      latencyP95Ms: quantile(latencies, 0.95),
      firstTokenP50Ms: quantile(firstTokens, 0.5),
      firstTokenP95Ms: quantile(firstTokens, 0.95),
      tokensPerSecond: quantile(sorted(good.map(({ tokensPerSecond }) => tokensPerSecond)), 0.5),
      uptime: this.uptime(now),
      lastAt: recent.reduce<number | undefined>((latest, { at }) => Math.max(latest ?? 0, at), undefined),
    };
  }

  private uptime(now: number): number | undefined {
    this.slotAt(now);
    const asked = this.asked.reduce((sum, count) => sum + count, 0);
    return asked === 0 ? undefined : this.answered.reduce((sum, count) => sum + count, 0) / asked;
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

function sorted(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined).sort((a, b) => a - b);
}

function quantile(ascending: readonly number[], share: number): number | undefined {
  if (ascending.length < LEAST_SAMPLES) return undefined;
  return ascending[Math.min(Math.floor(ascending.length * share), ascending.length - 1)];
}
