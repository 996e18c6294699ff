import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { parseDollars, type NanoDollars } from '../../platform/money/nano-dollars.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import { readDebit, type Debit } from '../journal-line.js';
import type { PendingBatch, PendingRecords } from '../pending-batch.js';
import { SharedBooks } from '../persistence/shared-books.js';
import { UsageJournal, type JournalBatch } from '../persistence/usage-journal.js';
import type { UserTotals } from '../user-totals.js';
import { LocalBooks } from './local-books.js';

/**
 * About 150 records. More at once cost the database a little less; but a text of more than 128 KB is none of V8's young
 * objects, so that what is left of each batch would lie about until the next full collection.
 */
const BATCH_BYTES = 96 * 1024;
/** A request does not wait longer for the past to be settled. */
const PATIENCE_MS = 5_000;

/** The journal file of this gateway: all its records without Redis, else those of the time when Redis was away. */
@Injectable()
export class FileRecords implements PendingRecords {
  private readonly past: PromiseWithResolvers<true> = Promise.withResolvers();
  private isCaughtUp = false;
  private readonly log = new Logger(FileRecords.name);
  /** Figures, and ended calls, of which the shared books do not know yet. */
  private readonly untold = new Map<string, UserTotals>();
  private readonly debitedCalls = new Set<string>();

  constructor(
    private readonly journal: UsageJournal,
    private readonly local: LocalBooks,
    private readonly shared: SharedBooks,
    private readonly redis: RedisService,
  ) {}

  /**
   * Resolves once the database has what earlier runs left: before that it does not know what anybody has spent.
   * @throws DatabaseUnavailableError when that takes too long
   */
  async caughtUp(): Promise<void> {
    if (this.isCaughtUp) return;
    const isInTime = await Promise.race([this.past.promise, pause(PATIENCE_MS, false, { ref: false })]);
    if (!isInTime) throw new DatabaseUnavailableError();
  }

  async next(): Promise<PendingBatch | undefined> {
    const batch = await this.journal.read(BATCH_BYTES);
    if (!batch || this.isOfThisRun(batch)) this.passPast();
    await this.tellShared();
    if (!batch) return undefined;
    const confirm = (totals: readonly UserTotals[]): void => {
      this.confirm(batch, totals);
    };
    // Requests wait until the past is settled.
    return { lines: batch.lines, hasNext: batch.hasMore, isUrgent: !this.isOfThisRun(batch), confirm };
  }

  private confirm(batch: JournalBatch, totals: readonly UserTotals[]): void {
    const debits = batch.lines.map(readDebit);
    const debited = this.isOfThisRun(batch) ? sumOf(debits) : new Map<string, NanoDollars>();
    for (const user of totals) this.local.hear(user, debited.get(user.userId) ?? 0n);
    this.journal.commit(batch.end);
    if (!this.redis.isConfigured) return;
    for (const user of totals) this.untold.set(user.userId, user);
    for (const { id } of debits) this.debitedCalls.add(id);
  }

  /** First what the database has debited, then that nothing needs to be held for it any more. */
  private async tellShared(): Promise<void> {
    if (this.redis.state !== 'up' || this.untold.size === 0) return;
    const [totals, calls] = [[...this.untold.values()], [...this.debitedCalls]];
    try {
      await this.shared.confirm([], totals);
      await this.shared.freeStranded(calls);
      for (const { userId } of totals) this.untold.delete(userId);
      for (const id of calls) this.debitedCalls.delete(id);
    } catch (error) {
      this.log.debug({ err: error }, 'the shared books do not know yet what this journal held');
    }
  }

  private passPast(): void {
    this.isCaughtUp = true;
    this.past.resolve(true);
  }

  private isOfThisRun({ end }: JournalBatch): boolean {
    return end.segment >= this.journal.firstSegment;
  }
}

/** By user. */
function sumOf(debits: readonly Debit[]): Map<string, NanoDollars> {
  const sums = new Map<string, NanoDollars>();
  for (const { user_id: user, credits_used: credits } of debits) {
    sums.set(user, (sums.get(user) ?? 0n) + parseDollars(credits));
  }
  return sums;
}
