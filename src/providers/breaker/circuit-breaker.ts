import { SlidingWindow } from './sliding-window.js';

export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** How an attempt ended: `neutral` says nothing of the provider, as when the request was at fault or the client left. */
export type Outcome = 'success' | 'fault' | 'neutral';

export interface BreakerSettings {
  readonly windowMs: number;
  /** Fewer outcomes than that in the window say nothing. */
  readonly minimum: number;
  /** Of the outcomes in the window, 0 to 1. */
  readonly faultShare: number;
  /** So many faults in a row, of all gateways together, are enough, whatever the window says. */
  readonly consecutive: number;
  /** How long it stays open at first; each probe that fails doubles it. */
  readonly openMs: number;
  readonly longestOpenMs: number;
  /** Attempts that half-open lets through at the same time. */
  readonly probes: number;
  /** Probes that must succeed before it closes. */
  readonly successes: number;
}

/** What a breaker takes from the world, so that a simulation can give it another. */
export interface BreakerWorld {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1, below 1. */
  readonly random: () => number;
  readonly changed: (from: BreakerState, to: BreakerState) => void;
  /** Something that other gateways had better know: a fault, or a success that ends a row of them. */
  readonly witnessed: (outcome: 'success' | 'fault') => void;
}

/** Opening times differ by so much, so that gateways do not all probe at the same moment. */
const JITTER = 0.2;

/** Keeps calls away from an offer that keeps failing, and finds out with a few when it has recovered. */
export class CircuitBreaker {
  private current: BreakerState = 'closed';
  private readonly window: SlidingWindow;
  private faultsInRow = 0;
  private timesOpened = 0;
  private openUntil = 0;
  private probesOut = 0;
  private probesPassed = 0;

  constructor(
    private readonly settings: BreakerSettings,
    private readonly world: BreakerWorld,
  ) {
    this.window = new SlidingWindow(settings.windowMs);
  }

  get state(): BreakerState {
    if (this.current === 'open' && this.world.now() >= this.openUntil) this.turn('half_open');
    return this.current;
  }

  /** Milliseconds since 1970 until which nothing is let through. */
  get opensAgainAt(): number {
    return this.openUntil;
  }

  /** Takes a permit for one attempt; `record` gives it back. */
  tryAcquire(): boolean {
    const { state } = this;
    if (state === 'closed') return true;
    if (state === 'open' || this.probesOut >= this.settings.probes) return false;
    this.probesOut += 1;
    return true;
  }

  /** How an attempt ended, once for each permit. */
  record(outcome: Outcome): void {
    const { state } = this;
    if (state === 'half_open') this.recordProbe(outcome);
    else if (outcome === 'success') this.recordSuccess(state);
    else if (outcome === 'fault' && state === 'closed') this.recordFault();
  }

  /** Another gateway found it broken. */
  openElsewhere(until: number): void {
    if (until <= this.world.now() || this.state === 'open') return;
    this.openUntil = until;
    this.timesOpened = Math.max(this.timesOpened, 1);
    this.turn('open');
  }

  /**
   * How an attempt of another gateway ended. A gateway alone sees too little of an offer to know soon; together they
   * see a row of faults that no success interrupts.
   */
  hear(outcome: 'success' | 'fault'): void {
    if (this.state !== 'closed') return;
    this.faultsInRow = outcome === 'success' ? 0 : this.faultsInRow + 1;
    if (this.faultsInRow >= this.settings.consecutive) this.open();
  }

  /** Somebody says that it works: an administrator, or another gateway whose probes succeeded. */
  close(): void {
    this.timesOpened = 0;
    if (this.current !== 'closed') this.turn('closed');
  }

  private recordSuccess(state: BreakerState): void {
    // An attempt that was made although it is open has shown that it need not be.
    if (state === 'open') {
      this.turn('half_open');
      this.probesPassed = 1;
      return;
    }
    this.window.add(false, this.world.now());
    if (this.faultsInRow === 0) return;
    this.faultsInRow = 0;
    this.world.witnessed('success');
  }

  private recordFault(): void {
    const now = this.world.now();
    this.faultsInRow += 1;
    this.window.add(true, now);
    this.world.witnessed('fault');
    const { total, faults } = this.window.counts(now);
    const { minimum, faultShare, consecutive } = this.settings;
    const isTooOften = total >= minimum && faults >= total * faultShare;
    if (isTooOften || this.faultsInRow >= consecutive) this.open();
  }

  private recordProbe(outcome: Outcome): void {
    this.probesOut = Math.max(this.probesOut - 1, 0);
    if (outcome === 'fault') this.open();
    if (outcome !== 'success') return;
    this.probesPassed += 1;
    if (this.probesPassed >= this.settings.successes) this.close();
  }

  private open(): void {
    const { openMs, longestOpenMs } = this.settings;
    const wait = Math.min(openMs * 2 ** this.timesOpened, longestOpenMs);
    this.timesOpened += 1;
    this.openUntil = this.world.now() + wait * (1 + JITTER * (this.world.random() - 0.5));
    this.turn('open');
  }

  private turn(to: BreakerState): void {
    const from = this.current;
    this.current = to;
    this.window.clear();
    this.faultsInRow = 0;
    this.probesOut = 0;
    this.probesPassed = 0;
    this.world.changed(from, to);
  }
}
