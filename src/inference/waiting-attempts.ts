import type { Attempt } from './attempt.js';

/**
 * Attempts without a first token. They come and go thousands of times a second, for which a `Set` is no place: V8 renews
 * its table every few dozen changes, and the old tables, which only a full collection removes, hold on to what was in
 * them. Half of all attempts grew old that way.
 */
export class WaitingAttempts {
  private readonly slots: (Attempt | undefined)[] = [];
  private readonly free: number[] = [];

  add(attempt: Attempt): void {
    const slot = this.free.pop() ?? this.slots.length;
    this.slots[slot] = attempt;
    attempt.waitingSlot = slot;
  }

  /** Nothing happens when it does not wait any more. */
  delete(attempt: Attempt): void {
    const { waitingSlot: slot } = attempt;
    if (slot === undefined) return;
    attempt.waitingSlot = undefined;
    this.slots[slot] = undefined;
    this.free.push(slot);
  }

  /** Those that wait at the moment. */
  all(): Attempt[] {
    return this.slots.filter((attempt) => attempt !== undefined);
  }
}
