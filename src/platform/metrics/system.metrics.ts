import { Injectable } from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics } from 'prom-client';
import { LogDestination } from '../logging/log-destination.js';
import { MetricsRegistry } from './metrics-registry.js';

const NANOSECONDS = 1e9;

/** The process itself: memory, CPU and event loop, and which backend serves which concern. */
@Injectable()
export class SystemMetrics {
  private readonly backends;
  private readonly delay = monitorEventLoopDelay({ resolution: 20 });
  /** Which backend serves which concern. */
  readonly inUse = new Map<string, string>();

  constructor(registry: MetricsRegistry, log: LogDestination) {
    registry.adopt('system', (register) => {
      collectDefaultMetrics({ register });
    });
    this.delay.enable();
    registry.gauge({
      group: 'system',
      name: 'gatewayz_event_loop_lag_seconds',
      help: 'The 99th percentile of the delay of the event loop since the last scrape.',
      collect: (gauge) => {
        gauge.set(this.eventLoopLagSeconds);
        this.delay.reset();
      },
    });
    registry.counter({
      group: 'system',
      name: 'gatewayz_log_records_dropped_total',
      help: 'Log lines that were dropped because nobody read the output in time.',
      collect: (counter) => {
        counter.cell({}).value = log.droppedLines;
      },
    });
    this.backends = registry.gauge({
      group: 'system',
      name: 'gatewayz_backend_info',
      help: 'Which backend serves which concern.',
      labels: ['component', 'backend'],
    });
  }

  /** The 99th percentile since the last scrape. */
  get eventLoopLagSeconds(): number {
    const lag = this.delay.percentile(99) / NANOSECONDS;
    return Number.isFinite(lag) ? lag : 0;
  }

  backend(component: string, backend: string): void {
    this.inUse.set(component, backend);
    this.backends.set({ component, backend }, 1);
  }
}
