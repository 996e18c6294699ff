import type { NanoDollars } from '../platform/money/nano-dollars.js';

export const BUDGET_PERIODS = ['day', 'week', 'month', 'total'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** What a key may spend in each running day, week (from Monday), month (all of UTC), or in all. */
export type Budget = Readonly<Partial<Record<BudgetPeriod, NanoDollars>>>;

/** What one key may do at most; undefined is without limit. */
export interface KeyLimits {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  /** Calls at the same time. */
  readonly concurrency: number | undefined;
  readonly budget: Budget;
}

/** Who makes a request: one API key, and the user that it belongs to. */
export interface Caller {
  readonly userId: string;
  readonly apiKeyId: string;
  readonly isAdmin: boolean;
  readonly scopes: readonly string[];
  readonly limits: KeyLimits;
}
