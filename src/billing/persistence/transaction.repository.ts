import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';

@Injectable()
export class TransactionRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Writes journal lines, each once however often it comes; how many were new. */
  async settle(lines: readonly string[]): Promise<number> {
    // As text: the lines are JSON already, and the database reads them faster than we could.
    const records = `[${lines.join(',')}]`;
    return this.database.query({ table: 'user_transactions', operation: 'settle_usage' }, (client) =>
      client.rpc('settle_usage', { records }),
    );
  }

  /** Deletes what is older than the retention of its table; how many rows. */
  async applyRetention(): Promise<number> {
    return this.database.query({ table: 'user_transactions', operation: 'apply_retention' }, (client) =>
      client.rpc('apply_retention'),
    );
  }
}
