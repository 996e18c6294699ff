import type { BudgetPeriod } from '../../auth/caller.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import type { UserTotals } from '../user-totals.js';
import type { BudgetWindows } from './budget-windows.js';

/** What the database knows of a user and one of his keys: where admission starts from. */
export interface SpendingState extends UserTotals {
  readonly apiKeyId: string;
  /** How far below zero the balance may go; undefined is without limit. */
  readonly creditLine: NanoDollars | undefined;
  /** What the key has spent in each running period. */
  readonly spent: Readonly<Record<BudgetPeriod, NanoDollars>>;
  /** The periods that these sums are of. */
  readonly windows: BudgetWindows;
}
