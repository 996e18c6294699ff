/** The grain of a window: what was used frees up again at most so much later than after a minute. */
export const SLOT_MS = 500;
/** A minute, and the slot in which it began. */
export const SLOTS = 121;

/** Figures of one limit at a moment. */
export interface RateFigure {
  readonly limit: number;
  readonly remaining: number;
  /** Until all of the limit is free again. */
  readonly resetMs: number;
}

export function slotAt(now: number): number {
  return Math.floor(now / SLOT_MS);
}

/**
 * What was used in the last minute, counted exactly: in no minute, wherever it begins, is more used than was let
 * through here. (A leaky bucket would let twice the limit pass in its first minute.)
 */
export class MinuteWindow {
  private readonly counts = new Float64Array(SLOTS);
  private newest = 0;
  private total = 0;
  private lastUsed = 0;

  /** How much of the limit is left now. */
  remaining(limit: number, now: number): number {
    this.advance(slotAt(now));
    return Math.max(limit - this.total, 0);
  }

  add(amount: number, now: number): void {
    const slot = slotAt(now);
    this.advance(slot);
    this.change(slot, amount);
    this.lastUsed = slot;
  }

  /** What was set aside in that slot turned out to be so much more, or less. */
  correct(slot: number, difference: number): void {
    if (slot > this.newest - SLOTS) this.change(slot, difference);
  }

  /** Milliseconds until so much of the limit is free; undefined when it never is. */
  freeAfterMs(amount: number, limit: number, now: number): number | undefined {
    this.advance(slotAt(now));
    let excess = this.total + amount - limit;
    if (excess <= 0) return 0;
    for (let slot = this.newest - SLOTS + 1; slot <= this.newest; slot += 1) {
      excess -= this.counts[slot % SLOTS] ?? 0;
      if (excess <= 0) return expiryOf(slot) - now;
    }
    return undefined;
  }

  figure(limit: number, now: number): RateFigure {
    const remaining = this.remaining(limit, now);
    return { limit, remaining, resetMs: this.total > 0 ? Math.max(expiryOf(this.lastUsed) - now, 0) : 0 };
  }

  private change(slot: number, difference: number): void {
    this.counts[slot % SLOTS] = (this.counts[slot % SLOTS] ?? 0) + difference;
    this.total += difference;
  }

  private advance(slot: number): void {
    const from = Math.max(this.newest + 1, slot - SLOTS + 1);
    for (let expired = from; expired <= slot; expired += 1) {
      this.total -= this.counts[expired % SLOTS] ?? 0;
      this.counts[expired % SLOTS] = 0;
    }
    this.newest = Math.max(this.newest, slot);
  }
}

/** When what was used in a slot is free again, in milliseconds since 1970. */
export function expiryOf(slot: number): number {
  return (slot + SLOTS) * SLOT_MS;
}
