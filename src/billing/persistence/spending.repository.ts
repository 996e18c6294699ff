import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { parseDollars } from '../../platform/money/nano-dollars.js';
import { budgetWindows } from '../admission/budget-windows.js';
import type { SpendingState } from '../admission/spending-state.js';

@Injectable()
export class SpendingRepository {
  constructor(private readonly database: DatabaseService) {}

  /** What admission starts from; undefined when there is no such user. */
  async stateOf(userId: string, apiKeyId: string): Promise<SpendingState | undefined> {
    const [row] = await this.database.query({ table: 'users', operation: 'spending_state' }, (client) =>
      client.rpc('spending_state', { for_user: userId, for_key: apiKeyId }),
    );
    if (!row) return undefined;
    const { day, week, month, total } = row;
    return {
      userId,
      apiKeyId,
      credited: parseDollars(row.credited),
      debited: parseDollars(row.debited),
      creditLine: row.credit_line === null ? undefined : parseDollars(row.credit_line),
      spent: {
        day: parseDollars(day),
        week: parseDollars(week),
        month: parseDollars(month),
        total: parseDollars(total),
      },
      windows: budgetWindows(Date.now()),
    };
  }
}
