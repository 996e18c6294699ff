import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/metrics-registry.js';

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

@Injectable()
export class DatabaseMetrics {
  private readonly queries;
  private readonly durations;

  constructor(registry: MetricsRegistry) {
    const labels = ['table', 'operation'] as const;
    this.queries = registry.counter({
      group: 'performance',
      name: 'database_queries_total',
      help: 'Calls of the database.',
      labels,
    });
    this.durations = registry.histogram({
      group: 'performance',
      name: 'database_query_duration_seconds',
      help: 'How long calls of the database take, failed ones too.',
      labels,
      buckets: SECONDS,
    });
  }

  observe(query: { table: string; operation: string }, milliseconds: number): void {
    const { table, operation } = query;
    this.queries.cell({ table, operation }).add();
    this.durations.cell({ table, operation }).observe(milliseconds / 1000);
  }
}
