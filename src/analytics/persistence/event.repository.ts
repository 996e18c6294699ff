import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { toEventLine, type AnalyticsEvent } from '../analytics-event.js';

@Injectable()
export class EventRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Writes events, each once however often it comes. @throws DatabaseUnavailableError, DatabaseError */
  async keep(batch: readonly AnalyticsEvent[]): Promise<void> {
    const events = `[${batch.map(toEventLine).join(',')}]`;
    await this.database.query({ table: 'analytics_events', operation: 'keep_analytics_events' }, (client) =>
      client.rpc('keep_analytics_events', { events }),
    );
  }

  /** Deletes events and summed up minutes beyond their retention, at most so many of each; how many rows. */
  async applyRetention(most: number): Promise<number> {
    return this.database.query({ table: 'analytics_events', operation: 'apply_retention' }, (client) =>
      client.rpc('apply_analytics_retention', { most }),
    );
  }
}
