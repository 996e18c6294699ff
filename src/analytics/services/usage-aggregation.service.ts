import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LeaderService, type Term } from '../../platform/scheduling/leader.service.js';
import { AnalyticsMetrics } from '../analytics.metrics.js';
import { EventRepository } from '../persistence/event.repository.js';
import { UsageRepository } from '../persistence/usage.repository.js';

/** A few seconds late, so that the minute that ended is settled, and summed up once. */
const EACH_MINUTE = '5 * * * * *';
/** At least two: the running minute is always due, and must not keep the others waiting. */
const MINUTES_AT_ONCE = { least: 2, most: 256 };
/** After an outage there may be many busy minutes; so long is well below the deadline of a call of the database. */
const LONG_MS = 500;
const ROWS_AT_ONCE = 5_000;

/**
 * Sums up, every minute, what calls have used. Where two gateways run it, each takes other minutes; one that is not
 * run for a while is made up for. `usage_report` is right all the time, only slower.
 */
@Injectable()
export class UsageAggregationService {
  private readonly log = new Logger(UsageAggregationService.name);

  constructor(
    private readonly leader: LeaderService,
    private readonly database: DatabaseService,
    private readonly usage: UsageRepository,
    private readonly events: EventRepository,
    private readonly metrics: AnalyticsMetrics,
  ) {}

  @Cron(EACH_MINUTE)
  async aggregate(): Promise<void> {
    await this.run('aggregate usage', async (term) => {
      const { least, most } = MINUTES_AT_ONCE;
      for (let asked = least, hasMore = true; hasMore && !term.isOver;) {
        const startedAt = performance.now();
        const minutes = await this.usage.aggregate(asked);
        this.metrics.aggregated(minutes);
        hasMore = minutes === asked;
        asked = performance.now() - startedAt > LONG_MS ? Math.max(asked / 2, least) : Math.min(asked * 2, most);
      }
    });
  }

  @Cron(CronExpression.EVERY_DAY_AT_3AM)
  async applyRetention(): Promise<void> {
    await this.run('analytics retention', async (term) => {
      for (let rows = ROWS_AT_ONCE; rows >= ROWS_AT_ONCE && !term.isOver;) {
        rows = await this.events.applyRetention(ROWS_AT_ONCE);
      }
    });
  }

  private async run(job: string, work: (term: Term) => Promise<void>): Promise<void> {
    if (this.database.state !== 'up') return;
    try {
      await this.leader.run(job, work);
    } catch (error) {
      this.log.warn({ err: error, job }, 'a job failed, and will be tried again');
    }
  }
}
