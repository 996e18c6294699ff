import type { NanoDollars } from '../platform/money/nano-dollars.js';

/**
 * What a user was ever credited and debited. Both figures only grow, and the balance is their difference: whoever
 * hears of several keeps the larger of each, whatever the order in which they arrive.
 */
export interface UserTotals {
  readonly userId: string;
  readonly credited: NanoDollars;
  readonly debited: NanoDollars;
}
