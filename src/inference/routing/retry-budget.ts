/**
 * How many second attempts all calls together may make: a share of the first ones, and a few more each second, so that
 * a gateway with little traffic still goes through a whole chain. When all providers are down at once, retries would
 * otherwise multiply the traffic just when the providers can bear it least.
 */
export class RetryBudget {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly settings: RetryBudgetSettings,
    /** Milliseconds, of any origin. */
    private readonly now: () => number,
  ) {
    this.tokens = this.capacity;
    this.filledAt = now();
  }

  /** A call makes its first attempt. */
  deposit(): void {
    this.tokens = Math.min(this.tokens + this.settings.share, this.capacity);
  }

  /** Whether another attempt may be made. */
  withdraw(): boolean {
    this.refill();
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  private refill(): void {
    const now = this.now();
    this.tokens = Math.min(this.tokens + ((now - this.filledAt) / 1000) * this.settings.perSecond, this.capacity);
    this.filledAt = now;
  }

  private get capacity(): number {
    return this.settings.perSecond * BURST_SECONDS;
  }
}

/** What was not needed for so long may be used at once. */
const BURST_SECONDS = 10;

export interface RetryBudgetSettings {
  /** Of the first attempts, 0 to 1. */
  readonly share: number;
  readonly perSecond: number;
}
