import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import type { AnalyticsEvent } from './analytics-event.js';

@Injectable()
export class AnalyticsMetrics {
  private readonly events;
  private readonly minutes;

  constructor(registry: MetricsRegistry) {
    this.events = registry.counter({
      group: 'business',
      name: 'gatewayz_analytics_events_total',
      help: 'Analytics events: kept, dropped because too many waited or the database refused them, or rejected as not valid.',
      labels: ['source', 'result'],
    });
    this.minutes = registry.counter({
      group: 'business',
      name: 'gatewayz_usage_aggregations_total',
      help: 'Minutes whose usage was summed up, again for each time that it was.',
    });
  }

  count(source: AnalyticsEvent['source'], result: 'kept' | 'dropped' | 'rejected', events = 1): void {
    this.events.cell({ source, result }).add(events);
  }

  aggregated(minutes: number): void {
    this.minutes.cell({}).add(minutes);
  }
}
