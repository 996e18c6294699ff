import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LeaderService, type Term } from '../../platform/scheduling/leader.service.js';
import { AnalyticsMetrics } from '../analytics.metrics.js';
import { EventRepository } from '../persistence/event.repository.js';
import { UsageRepository } from '../persistence/usage.repository.js';

/** A few seconds late, so that the minute that ended is settled, and summed up once. */
const EACH_MINUTE = '5 * * * * *';
/** So that one call of the database stays well below its deadline. */
const MINUTES_AT_ONCE = 200;
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
      for (let minutes = MINUTES_AT_ONCE; minutes === MINUTES_AT_ONCE && !term.isOver;) {
        minutes = await this.usage.aggregate(MINUTES_AT_ONCE);
        this.metrics.aggregated(minutes);
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
