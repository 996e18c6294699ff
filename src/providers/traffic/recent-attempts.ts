/** How an attempt went. Milliseconds. */
export interface AttemptFigures {
  readonly isOk: boolean;
  /** From the request to the end of the reply; undefined when it has none. */
  readonly durationMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly tokensPerSecond: number | undefined;
}

/** So many of the newest attempts tell enough of a window, however busy it was. */
const KEPT = 256;

type Figure = 'durationMs' | 'firstTokenMs' | 'tokensPerSecond';

/** The newest attempts at an offer, in columns: what is asked for each second by every call must not walk objects. */
export class RecentAttempts {
  /** Milliseconds since 1970; 0 where there is none yet. */
  private readonly at = new Float64Array(KEPT);
  private readonly isOk = new Uint8Array(KEPT);
  /** NaN where nobody measured it. */
  private readonly figures: Readonly<Record<Figure, Float64Array>> = {
    durationMs: new Float64Array(KEPT),
    firstTokenMs: new Float64Array(KEPT),
    tokensPerSecond: new Float64Array(KEPT),
  };
  private next = 0;

  add({ isOk, durationMs = NaN, firstTokenMs = NaN, tokensPerSecond = NaN }: AttemptFigures, at: number): void {
    const slot = this.next;
    this.next = (slot + 1) % KEPT;
    this.at[slot] = at;
    this.isOk[slot] = isOk ? 1 : 0;
    this.figures.durationMs[slot] = durationMs;
    this.figures.firstTokenMs[slot] = firstTokenMs;
    this.figures.tokensPerSecond[slot] = tokensPerSecond;
  }

  /** How many there were after this time, how many of them went well, and when the last one was. */
  countsSince(start: number): { attempts: number; good: number; lastAt: number | undefined } {
    let [attempts, good, lastAt] = [0, 0, start];
    for (let slot = 0; slot < KEPT; slot += 1) {
      const at = this.at[slot] ?? 0;
      if (at <= start) continue;
      attempts += 1;
      good += this.isOk[slot] ?? 0;
      lastAt = Math.max(lastAt, at);
    }
    return { attempts, good, lastAt: attempts === 0 ? undefined : lastAt };
  }

  /** A figure of those that went well after this time, in ascending order. */
  sortedSince(start: number, figure: Figure): Float64Array {
    const column = this.figures[figure];
    const found = new Float64Array(KEPT);
    let count = 0;
    for (let slot = 0; slot < KEPT; slot += 1) {
      const value = column[slot] ?? NaN;
      const isWanted = this.isOk[slot] === 1 && (this.at[slot] ?? 0) > start;
      if (!isWanted || Number.isNaN(value)) continue;
      found[count] = value;
      count += 1;
    }
    return found.subarray(0, count).sort();
  }
}
