import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { formatDollars, parseDollars, type NanoDollars } from '../../platform/money/nano-dollars.js';
import type { LedgerEntry, LedgerPosition, Movement, MovementOutcome } from '../ledger/movement.js';
import type { UserTotals } from '../user-totals.js';

/** Dollars by which the figures differ that must be the same. */
export interface CreditDrift {
  readonly users: number;
  readonly balance: NanoDollars;
  readonly transactions: NanoDollars;
}

@Injectable()
export class LedgerRepository {
  constructor(private readonly database: DatabaseService) {}

  async post(movement: Movement): Promise<{ outcome: MovementOutcome; totals: UserTotals | undefined }> {
    const { userId, amount, kind, reference, note = null, actor } = movement;
    const rows = await this.database.query({ table: 'credit_ledger', operation: 'move_credits' }, (client) =>
      client.rpc('move_credits', {
        for_user: userId,
        amount: formatDollars(amount),
        kind,
        reference,
        note,
        actor: actor.userId,
        address: actor.address,
      }),
    );
    const [{ outcome, credited, debited } = { outcome: 'unknown_user' as const, credited: null, debited: null }] = rows;
    const isKnown = credited !== null && debited !== null;
    return {
      outcome,
      totals: isKnown ? { userId, credited: parseDollars(credited), debited: parseDollars(debited) } : undefined,
    };
  }

  /** The newest entries, or those before one of them. */
  async statement(userId: string, limit: number, before?: LedgerPosition): Promise<LedgerEntry[]> {
    const rows = await this.database.query({ table: 'credit_ledger', operation: 'credit_statement' }, (client) =>
      client.rpc('credit_statement', {
        for_user: userId,
        before_time: before?.createdAt ?? null,
        before_reference: before?.reference ?? null,
        page: limit,
      }),
    );
    return rows.map(({ reference, kind, amount, note, created_at: createdAt }) => {
      return { reference, kind, amount, note, createdAt };
    });
  }

  async drift(): Promise<CreditDrift> {
    const [row] = await this.database.query({ table: 'credit_ledger', operation: 'reconcile_credits' }, (client) =>
      client.rpc('reconcile_credits'),
    );
    return {
      users: row?.users ?? 0,
      balance: parseDollars(row?.balance_drift ?? '0'),
      transactions: parseDollars(row?.transaction_drift ?? '0'),
    };
  }
}
