import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import type { UserTotals } from '../user-totals.js';
import { LocalKey } from './local-key.js';
import type { SpendingState } from './spending-state.js';

/** The account of one user, in this process. */
export class LocalUser {
  readonly keys = new Map<string, LocalKey>();
  /** Set aside for running calls. */
  held = 0n;
  /** Journalled, and not in the database yet. */
  unsettled = 0n;
  lastUsedAt = 0;
  private credited = 0n;
  private debited = 0n;
  private creditLine: NanoDollars | undefined = 0n;

  /** What running calls have not set aside yet; undefined without limit. */
  get left(): NanoDollars | undefined {
    if (this.creditLine === undefined) return undefined;
    return this.credited - this.debited - this.unsettled - this.held + this.creditLine;
  }

  /** Nothing of it would be lost by forgetting it. */
  get isIdle(): boolean {
    return this.held === 0n && this.unsettled === 0n && [...this.keys.values()].every(({ open }) => open === 0);
  }

  open(state: SpendingState): void {
    this.creditLine = state.creditLine;
    this.hear(state);
    // What is known of a key is newer than what the database knows.
    if (!this.keys.has(state.apiKeyId)) this.keys.set(state.apiKeyId, new LocalKey(state));
  }

  /** Both figures only grow, so the larger one is the newer. */
  hear({ credited, debited }: Pick<UserTotals, 'credited' | 'debited'>): void {
    if (credited > this.credited) this.credited = credited;
    if (debited > this.debited) this.debited = debited;
  }
}
