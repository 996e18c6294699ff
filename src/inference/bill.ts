import type { TokenSource } from '../billing/usage-record.js';
import type { NanoDollars } from '../platform/money/nano-dollars.js';
import { NO_TOKENS, type TokenUsage } from '../providers/token-usage.js';

/** What a call used and what that costs. */
export interface Bill {
  readonly usage: TokenUsage;
  readonly source: TokenSource;
  /** What the provider charges us. */
  readonly cost: NanoDollars;
  /** What the caller pays: nothing for a call that failed. */
  readonly credits: NanoDollars;
}

/** Nothing reached the client, and nobody reported that anything was used. */
export const NOTHING_BILLED: Bill = { usage: NO_TOKENS, source: 'none', cost: 0n, credits: 0n };
