import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';

@Injectable()
export class AnalyticsMetrics {
  private readonly events;
  private readonly minutes;

  constructor(registry: MetricsRegistry) {
    this.events = registry.counter({
      group: 'business',
      name: 'gatewayz_analytics_events_total',
      help: 'Analytics events that callers sent: kept, or rejected as not valid.',
      labels: ['source', 'result'],
    });
    this.minutes = registry.counter({
      group: 'business',
      name: 'gatewayz_usage_aggregations_total',
      help: 'Minutes whose usage was summed up, again for each time that it was.',
    });
  }

  count(result: 'kept' | 'rejected', events: number): void {
    this.events.cell({ source: 'caller', result }).add(events);
  }

  aggregated(minutes: number): void {
    this.minutes.cell({}).add(minutes);
  }
}
