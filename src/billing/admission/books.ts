import type { Eventually } from '../../platform/eventually.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import type { UserTotals } from '../user-totals.js';
import type { AdmissionRequest, Decision, Lease } from './admission-request.js';
import type { SpendingState } from './spending-state.js';

/** How a call ended, in what counts: tokens for its key's limit, and money. */
export interface Outcome {
  readonly tokens: number;
  readonly credits: NanoDollars;
}

/** What of a balance is spoken for. */
export interface Standing {
  /** Set aside for calls that are running. */
  readonly held: NanoDollars;
  /** Journalled, and not in the database yet. */
  readonly unsettled: NanoDollars;
}

/**
 * Who may spend what, and who has spent what of it: in this process or shared by several. Every step is atomic. At any
 * moment the holds of running calls, the charges that are journalled but not yet in the database, and what the
 * database has debited are together no more than what was credited.
 */
export interface Books {
  /** Undefined when nothing is known of the user or the key yet: `open` has to tell first. */
  admit(request: AdmissionRequest): Eventually<Decision | undefined>;
  /** What the database knows of a user and a key; what is known already and newer stays. */
  open(state: SpendingState): Eventually<void>;
  /** Lets the call write up to so many tokens; false when nothing is left for more. */
  grow(lease: Lease, outputTokens: number): Eventually<boolean>;
  /**
   * Ends the lease: the charge is what the call cost, but never more than its hold and what else is left. Resolves
   * once the line, completed with the charge, is safe in the journal.
   */
  settle(lease: Lease, outcome: Outcome, line: string): Promise<NanoDollars>;
  /** Ends a lease that there is nothing to record of. */
  drop(lease: Lease): Eventually<void>;
  /** The database has new figures of a user, for whom so much of what was journalled has now been debited. */
  hear(totals: UserTotals, debited: NanoDollars): Eventually<void>;
  standing(userId: string): Eventually<Standing>;
}
