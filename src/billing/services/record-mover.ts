import { Injectable, Logger } from '@nestjs/common';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { BillingMetrics } from '../billing.metrics.js';
import type { JournalLine } from '../journal-line.js';
import type { PendingBatch } from '../pending-batch.js';
import { TransactionRepository } from '../persistence/transaction.repository.js';
import { UsageJournal } from '../persistence/usage-journal.js';
import type { UserTotals } from '../user-totals.js';

/** Takes a batch of usage records to the database and tells its journal. */
@Injectable()
export class RecordMover {
  private readonly log = new Logger(RecordMover.name);

  constructor(
    private readonly transactions: TransactionRepository,
    private readonly journal: UsageJournal,
    private readonly metrics: BillingMetrics,
  ) {}

  /** @throws DatabaseUnavailableError: the batch is to be tried again */
  async move(batch: PendingBatch): Promise<void> {
    await batch.confirm(await this.record(batch.lines));
  }

  /** One bad line must not keep the good ones waiting: a refused batch is halved until the line is found. */
  private async record(lines: readonly string[]): Promise<UserTotals[]> {
    const [oldest] = lines;
    if (oldest === undefined) return [];
    try {
      const totals = await this.transactions.settle(lines);
      this.metrics.settled(lines.length, endOf(oldest));
      return totals;
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      if (lines.length === 1) return this.refuse(oldest, error);
      const middle = Math.ceil(lines.length / 2);
      return [...(await this.record(lines.slice(0, middle))), ...(await this.record(lines.slice(middle)))];
    }
  }

  private async refuse(line: string, error: unknown): Promise<UserTotals[]> {
    this.log.error({ err: error, line }, 'the database refuses a usage record; it was set aside in the journal folder');
    this.metrics.refused();
    await this.journal.setAside(line);
    return [];
  }
}

/** When the call of a journal line ended. */
function endOf(line: string): number {
  const { timestamp } = JSON.parse(line) as JournalLine;
  return Date.parse(timestamp);
}
