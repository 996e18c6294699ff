import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { BillingMetrics } from '../billing.metrics.js';
import { toJournalLine, type JournalLine } from '../journal-line.js';
import { TransactionRepository } from '../persistence/transaction.repository.js';
import { UsageJournal } from '../persistence/usage-journal.js';
import type { UsageRecord } from '../usage-record.js';

/** About 400 records: more at once cost the database little less, and our memory more. */
const BATCH_BYTES = 256 * 1024;
/** After the database was away. */
const PAUSE_MS = 2_000;

export class JournalFailedError extends GatewayError {
  override readonly name = 'JournalFailedError';
  readonly kind = 'internal';
  readonly code = 'internal_error';
}

/**
 * Settles each call once: first into the journal, which the reply waits for, then from there into the database, which
 * it does not.
 */
@Injectable()
export class SettlementService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(SettlementService.name);
  private timer: NodeJS.Timeout | undefined;
  private moving: Promise<void> | undefined;
  private isEnding = false;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly journal: UsageJournal,
    private readonly transactions: TransactionRepository,
    private readonly database: DatabaseService,
    private readonly metrics: BillingMetrics,
  ) {}

  /** Resolves once the record is safe. @throws JournalFailedError when it cannot be written, as on a full disk */
  async settle(record: UsageRecord): Promise<void> {
    this.metrics.counted(record.providerId, record.tokenSource);
    try {
      await this.journal.append(JSON.stringify(toJournalLine(record)));
      this.metrics.journalled(record.endpoint);
    } catch (cause) {
      this.log.error({ err: cause, request_id: record.requestId }, 'a usage record could not be written');
      throw new JournalFailedError('The call could not be accounted for.', { cause });
    }
  }

  onApplicationBootstrap(): void {
    this.schedule(this.env.SETTLEMENT_INTERVAL_MS);
  }

  /** What the journal holds goes to the database before it closes; what cannot waits for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.timer);
    await this.moving;
    if (this.database.state === 'up') await this.moveAll();
    await this.journal.close();
  }

  private schedule(delayMs: number): void {
    if (this.isEnding) return;
    this.timer = setTimeout(() => {
      this.moving = this.moveAll();
    }, delayMs);
  }

  private async moveAll(): Promise<void> {
    let pauseMs = this.env.SETTLEMENT_INTERVAL_MS;
    try {
      await this.database.ready();
      while (await this.moveBatch());
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) this.log.error({ err: error }, 'settlement failed');
      pauseMs = PAUSE_MS;
    }
    this.schedule(pauseMs);
  }

  private async moveBatch(): Promise<boolean> {
    const batch = await this.journal.read(BATCH_BYTES);
    if (!batch) return false;
    await this.record(batch.lines);
    this.journal.commit(batch.end);
    return true;
  }

  /** One bad line must not keep the good ones waiting: a refused batch is halved until the line is found. */
  private async record(lines: readonly string[]): Promise<void> {
    const [oldest] = lines;
    if (oldest === undefined) return;
    try {
      await this.transactions.settle(lines);
      this.metrics.settled(lines.length, endOf(oldest));
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      if (lines.length === 1) {
        await this.refuse(oldest, error);
        return;
      }
      const middle = Math.ceil(lines.length / 2);
      await this.record(lines.slice(0, middle));
      await this.record(lines.slice(middle));
    }
  }

  private async refuse(line: string, error: unknown): Promise<void> {
    this.log.error({ err: error, line }, 'the database refuses a usage record; it was set aside in the journal folder');
    this.metrics.refused();
    await this.journal.setAside(line);
  }
}

/** When the call of a journal line ended. */
function endOf(line: string): number {
  const { timestamp } = JSON.parse(line) as JournalLine;
  return Date.parse(timestamp);
}
