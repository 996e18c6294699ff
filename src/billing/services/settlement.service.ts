import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { availableParallelism } from 'node:os';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { ENV, type Env } from '../../config/env.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import type { PendingRecords } from '../pending-batch.js';
import { SharedRecords } from '../persistence/shared-records.js';
import { UsageJournal } from '../persistence/usage-journal.js';
import { FileRecords } from './file-records.js';
import { RecordMover } from './record-mover.js';

/** After the database was away. */
const PAUSE_MS = 2_000;
/** Who works for more of the time than that has callers waiting. */
const BUSY_SHARE = 0.8;
/** While callers have precedence, so many intervals pass between two batches. */
const COURTESY = 4;

/** Moves what the journals hold to the database, all the time and once more before the gateway ends. */
@Injectable()
export class SettlementService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(SettlementService.name);
  private timer: NodeJS.Timeout | undefined;
  private moving: Promise<void> | undefined;
  private isEnding = false;
  private utilization: EventLoopUtilization | undefined;
  /** How many intervals may pass without a batch, should callers keep the processor busy. */
  private courtesy = 0;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly database: DatabaseService,
    private readonly journal: UsageJournal,
    private readonly file: FileRecords,
    private readonly shared: SharedRecords,
    private readonly mover: RecordMover,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  /** What cannot be moved waits for the next start, or for another gateway. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.timer);
    await this.moving;
    if (this.database.state === 'up') await this.moveAll();
    await this.shared.leave().catch((error: unknown) => {
      this.log.debug({ err: error }, 'the consumer of this gateway stays in the group');
    });
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
      // Asked at each interval, so that each is judged by itself.
      const isBusy = this.mustGiveWay();
      if (isBusy && this.courtesy > 0 && !this.isEnding) {
        this.courtesy -= 1;
      } else {
        await this.drain(this.file);
        await this.drain(this.shared);
        this.courtesy = COURTESY;
      }
    } catch (error) {
      const isAbsence = error instanceof DatabaseUnavailableError || error instanceof RedisUnavailableError;
      if (!isAbsence) this.log.error({ err: error }, 'settlement failed');
      pauseMs = PAUSE_MS;
    }
    this.schedule(pauseMs);
  }

  /** A few fresh records may wait for company, but not at the end. */
  private async drain(records: PendingRecords): Promise<void> {
    for (;;) {
      const batch = await records.next();
      if (!batch) return;
      await this.mover.move(batch);
      if (this.isEnding || batch.isUrgent) continue;
      if (!batch.hasNext || this.mustGiveWay()) return;
    }
  }

  /**
   * Where the embedded database and the gateway share one processor, what is settled now could be answered instead: while
   * there are callers enough to keep it busy, a batch now and then is all that is settled, and the journal grows. Judged
   * by the time since it was asked last.
   */
  private mustGiveWay(): boolean {
    if (this.database.childPid === undefined || availableParallelism() > 1) return false;
    const before = this.utilization;
    this.utilization = performance.eventLoopUtilization();
    return performance.eventLoopUtilization(this.utilization, before).utilization > BUSY_SHARE;
  }
}
