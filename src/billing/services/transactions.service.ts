import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { ENV, type Env } from '../../config/env.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import type { JournalLine } from '../journal-line.js';
import { TransactionRepository } from '../persistence/transaction.repository.js';
import { RecentTransactions } from './recent-transactions.js';

/** What single calls used and cost. */
@Injectable()
export class TransactionsService {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly recent: RecentTransactions,
    private readonly transactions: TransactionRepository,
    private readonly redis: RedisService,
  ) {}

  /** A call of this user; undefined when there is none. @throws DatabaseUnavailableError */
  async find(requestId: string, userId: string): Promise<JournalLine | undefined> {
    const known = this.recent.find(requestId);
    if (known) return known.user_id === userId ? known : undefined;
    const found = await this.transactions.find(requestId, userId);
    if (found || !this.redis.isConfigured) return found;
    // Another gateway may have just served it, and its record may be still on the way.
    await pause(2 * this.env.SETTLEMENT_INTERVAL_MS, undefined, { ref: false });
    return this.transactions.find(requestId, userId);
  }
}
