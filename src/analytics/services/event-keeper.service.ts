import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { AnalyticsEvent } from '../analytics-event.js';
import { AnalyticsMetrics } from '../analytics.metrics.js';
import { EventRepository } from '../persistence/event.repository.js';

const INTERVAL_MS = 1_000;
const BATCH = 500;
/** About ten megabytes of them. */
const MOST_WAITING = 20_000;

/**
 * Moves events of the gateway to the database, in batches. They wait in memory while it is away, as long as there is
 * room; no call ever waits for them, and what is lost is counted.
 */
@Injectable()
export class EventKeeperService implements BeforeApplicationShutdown {
  private readonly log = new Logger(EventKeeperService.name);
  private waiting: AnalyticsEvent[] = [];
  private moving: Promise<void> | undefined;

  constructor(
    private readonly repository: EventRepository,
    private readonly database: DatabaseService,
    private readonly metrics: AnalyticsMetrics,
  ) {}

  keep(event: AnalyticsEvent): void {
    if (this.waiting.length < MOST_WAITING) this.waiting.push(event);
    else this.metrics.count('gateway', 'dropped');
  }

  @Interval(INTERVAL_MS)
  async flush(): Promise<void> {
    if (this.database.state !== 'up') return;
    this.moving ??= this.moveAll().finally(() => (this.moving = undefined));
    await this.moving;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.moving;
    await this.flush();
    if (this.waiting.length > 0) this.metrics.count('gateway', 'dropped', this.waiting.length);
  }

  private async moveAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH);
      try {
        await this.repository.keep(batch);
        this.metrics.count('gateway', 'kept', batch.length);
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) return;
        this.log.error({ err: error, events: batch.length }, 'the database refuses analytics events');
        this.metrics.count('gateway', 'dropped', batch.length);
      }
      this.waiting = this.waiting.slice(batch.length);
    }
  }
}
