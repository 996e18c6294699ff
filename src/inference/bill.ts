import type { TokenSource } from '../billing/usage-record.js';
import type { NanoDollars } from '../platform/money/nano-dollars.js';
import type { TokenUsage } from '../providers/token-usage.js';

/** What a call used and what that costs. */
export interface Bill {
  readonly usage: TokenUsage;
  readonly source: TokenSource;
  /** What the provider charges us. */
  readonly cost: NanoDollars;
  /** What the caller pays: nothing for a call that failed. */
  readonly credits: NanoDollars;
}
