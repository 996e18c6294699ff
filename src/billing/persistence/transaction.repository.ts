import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { parseDollars } from '../../platform/money/nano-dollars.js';
import type { JournalLine } from '../journal-line.js';
import type { UserTotals } from '../user-totals.js';

@Injectable()
export class TransactionRepository {
  constructor(
    private readonly database: DatabaseService,
    @Inject(ENV) private readonly env: Pick<Env, 'ANALYTICS_CALL_EVENTS'>,
  ) {}

  /** Writes journal lines, each once however often it comes; the new figures of everybody whom they are about. */
  async settle(lines: readonly string[]): Promise<UserTotals[]> {
    // As text: the lines are JSON already, and the database reads them faster than we could.
    const records = `[${lines.join(',')}]`;
    const callEvents = this.env.ANALYTICS_CALL_EVENTS === 'on';
    const rows = await this.database.query({ table: 'user_transactions', operation: 'settle_usage' }, (client) =>
      client.rpc('settle_usage', { records, call_events: callEvents }),
    );
    return rows.map(({ user_id: userId, credited, debited }) => {
      return { userId, credited: parseDollars(credited), debited: parseDollars(debited) };
    });
  }

  /** One call of a user. */
  async find(requestId: string, userId: string): Promise<JournalLine | undefined> {
    const [row] = await this.database.query({ table: 'user_transactions', operation: 'find' }, (client) =>
      client
        .from('user_transactions')
        .select('*, credits_used::text, cost::text')
        .eq('id', requestId)
        .eq('user_id', userId)
        .limit(1),
    );
    return row;
  }

  /** Deletes what is older than the retention of its table; how many rows. */
  async applyRetention(): Promise<number> {
    return this.database.query({ table: 'user_transactions', operation: 'apply_retention' }, (client) =>
      client.rpc('apply_retention'),
    );
  }
}
