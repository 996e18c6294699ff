import { Injectable } from '@nestjs/common';
import type { CounterCell } from '../metrics/cell-counter.js';
import type { HistogramCell } from '../metrics/cell-histogram.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { defineHttpMetrics, type HttpInstruments } from './http-instruments.js';

const APP = 'gatewayz';

export interface HttpObservation {
  readonly method: string;
  /** The route's template, never the path itself. */
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly exception: string | undefined;
  readonly traceId: string;
}

/** The series of one route. */
interface RouteCells {
  readonly fastapiDuration: HistogramCell;
  readonly httpDuration: HistogramCell;
  readonly requestSize: HistogramCell;
  readonly responseSize: HistogramCell;
  readonly byStatus: Map<number, readonly [CounterCell, CounterCell]>;
  inProgress: number;
}

/** The `fastapi_*` and `http_*` metrics, fed from one observation; the first names belong to existing dashboards. */
@Injectable()
export class HttpMetrics {
  private readonly instruments: HttpInstruments;
  private readonly routes = new Map<string, Map<string, RouteCells>>();

  constructor(registry: MetricsRegistry) {
    this.instruments = defineHttpMetrics(registry);
    registry
      .gauge({ group: 'system', name: 'fastapi_app_info', help: 'Which application this is.', labels: ['app_name'] })
      .set({ app_name: APP }, 1);
    registry.gauge({
      group: 'system',
      name: 'fastapi_requests_in_progress',
      help: 'Requests under way.',
      labels: ['app_name', 'method', 'path'],
      collect: (gauge) => {
        for (const [path, methods] of this.routes) {
          for (const [method, { inProgress }] of methods) gauge.set({ app_name: APP, method, path }, inProgress);
        }
      },
    });
  }

  begin(method: string, path: string): void {
    this.cellsOf(method, path).inProgress += 1;
  }

  end(observation: HttpObservation): void {
    const { method, path, status, seconds, traceId, exception } = observation;
    const cells = this.cellsOf(method, path);
    cells.inProgress -= 1;
    for (const counter of this.countersOf(cells, { method, path, status })) counter.add();
    cells.fastapiDuration.observe(seconds, traceId);
    cells.httpDuration.observe(seconds, traceId);
    cells.requestSize.observe(observation.requestBytes);
    cells.responseSize.observe(observation.responseBytes);
    if (exception) this.instruments.exceptions.cell({ app_name: APP, method, path, exception_type: exception }).add();
  }

  private cellsOf(method: string, path: string): RouteCells {
    const methods = this.routes.get(path) ?? new Map<string, RouteCells>();
    const known = methods.get(method);
    if (known) return known;
    const labels = { app_name: APP, method, path };
    const { fastapiDurations, httpDurations, requestSizes, responseSizes } = this.instruments;
    const cells: RouteCells = {
      fastapiDuration: fastapiDurations.cell(labels),
      httpDuration: httpDurations.cell({ method, endpoint: path }),
      requestSize: requestSizes.cell(labels),
      responseSize: responseSizes.cell(labels),
      byStatus: new Map(),
      inProgress: 0,
    };
    this.routes.set(path, methods.set(method, cells));
    return cells;
  }

  private countersOf(
    { byStatus }: RouteCells,
    { method, path, status }: Pick<HttpObservation, 'method' | 'path' | 'status'>,
  ): readonly [CounterCell, CounterCell] {
    const known = byStatus.get(status);
    if (known) return known;
    const counters = [
      this.instruments.fastapiRequests.cell({ app_name: APP, method, path, status_code: status }),
      this.instruments.httpRequests.cell({ method, endpoint: path, status_code: status }),
    ] as const;
    byStatus.set(status, counters);
    return counters;
  }
}
