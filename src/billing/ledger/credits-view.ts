import { formatDollars, type NanoDollars } from '../../platform/money/nano-dollars.js';
import type { LedgerEntry } from './movement.js';
import type { Balance } from '../services/credits.service.js';

export interface StatementPage {
  readonly object: 'list';
  readonly data: readonly object[];
  readonly has_more: boolean;
  /** For `after`, to get the next page. */
  readonly next: string | null;
}

/** Dollars as text: a JSON number loses digits. */
export function viewBalance({ credits, creditLine, held, unsettled }: Balance): object {
  const free = credits - held - unsettled;
  return {
    object: 'credits',
    currency: 'USD',
    balance: formatDollars(credits - unsettled),
    holds: formatDollars(held),
    credit_line: creditLine === undefined ? null : formatDollars(creditLine),
    available: creditLine === undefined ? null : formatDollars(atLeastZero(free + creditLine)),
  };
}

export function viewStatement(entries: readonly LedgerEntry[], limit: number): StatementPage {
  const data = entries.slice(0, limit);
  const last = entries.length > limit ? data.at(-1) : undefined;
  return {
    object: 'list',
    data: data.map(({ createdAt, ...entry }) => ({ object: 'ledger_entry', ...entry, created_at: createdAt })),
    has_more: last !== undefined,
    next: last ? Buffer.from(`${last.createdAt}\n${last.reference}`).toString('base64url') : null,
  };
}

function atLeastZero(amount: NanoDollars): NanoDollars {
  return amount > 0n ? amount : 0n;
}
