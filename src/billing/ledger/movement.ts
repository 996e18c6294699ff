import type { Actor } from '../../auth/api-key-settings.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';

export const MOVEMENT_KINDS = ['grant', 'top_up', 'refund', 'adjustment'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** Credits to be given to a user, or taken when below zero; once by its reference. */
export interface Movement {
  readonly userId: string;
  readonly amount: NanoDollars;
  readonly kind: MovementKind;
  readonly reference: string;
  readonly note: string | undefined;
  readonly actor: Actor;
}

/** `repeated`: this very movement was made before. `conflict`: its reference belongs to another. */
export type MovementOutcome = 'posted' | 'repeated' | 'conflict' | 'unknown_user';

/** One line of a statement, signed as its user sees it. */
export interface LedgerEntry {
  readonly reference: string;
  readonly kind: string;
  readonly amount: string;
  readonly note: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Where a page of a statement ends. */
export type LedgerPosition = Pick<LedgerEntry, 'createdAt' | 'reference'>;
