import type { UserTotals } from './user-totals.js';

/** Usage records on their way from a journal to the database. */
export interface PendingBatch {
  /** Journal lines, oldest first. */
  readonly lines: readonly string[];
  /** More is known to wait behind it. */
  readonly hasNext: boolean;
  /** Requests wait until this and what is behind it is settled. */
  readonly isUrgent?: boolean;
  /** The database has them all, and these are the new figures of their users. */
  confirm(totals: readonly UserTotals[]): Promise<void> | void;
}

/** A journal, as far as the database lacks it. */
export interface PendingRecords {
  /** Undefined when the database has everything. */
  next(): Promise<PendingBatch | undefined>;
}
