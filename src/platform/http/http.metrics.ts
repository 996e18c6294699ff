import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { MetricsRegistry } from '../metrics/metrics-registry.js';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const BYTES = [100, 1e3, 1e4, 1e5, 1e6];
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
}

/** The `fastapi_*` and `http_*` metrics, fed from one observation; the first names belong to existing dashboards. */
@Injectable()
export class HttpMetrics {
  private readonly inProgress: Gauge<'app_name' | 'method' | 'path'>;
  private readonly observers: ((observation: HttpObservation) => void)[];

  constructor(registry: MetricsRegistry) {
    const labels = ['app_name', 'method', 'path'] as const;
    registry
      .gauge({ group: 'system', name: 'fastapi_app_info', help: 'Which application this is.', labels: ['app_name'] })
      .set({ app_name: APP }, 1);
    this.inProgress = registry.gauge({
      group: 'system',
      name: 'fastapi_requests_in_progress',
      help: 'Requests under way.',
      labels,
    });
    this.observers = [this.counts(registry), this.durations(registry), this.sizes(registry)];
  }

  begin(method: string, path: string): void {
    this.inProgress.inc({ app_name: APP, method, path });
  }

  end(observation: HttpObservation): void {
    this.inProgress.dec({ app_name: APP, method: observation.method, path: observation.path });
    for (const observe of this.observers) observe(observation);
  }

  private counts(registry: MetricsRegistry) {
    const requests = registry.counter({
      group: 'system',
      name: 'fastapi_requests_total',
      help: 'Requests answered.',
      labels: ['app_name', 'method', 'path', 'status_code'],
    });
    const http = registry.counter({
      group: 'system',
      name: 'http_requests_total',
      help: 'Requests answered.',
      labels: ['method', 'endpoint', 'status_code'],
    });
    const exceptions = registry.counter({
      group: 'system',
      name: 'fastapi_exceptions_total',
      help: 'Requests answered with an error, by its class.',
      labels: ['app_name', 'method', 'path', 'exception_type'],
    });
    return ({ method, path, status, exception }: HttpObservation): void => {
      requests.inc({ app_name: APP, method, path, status_code: status });
      http.inc({ method, endpoint: path, status_code: status });
      if (exception) exceptions.inc({ app_name: APP, method, path, exception_type: exception });
    };
  }

  private durations(registry: MetricsRegistry) {
    const requests = registry.histogram({
      group: ['system', 'performance'],
      name: 'fastapi_requests_duration_seconds',
      help: 'From the first byte of a request to the last of its reply.',
      labels: ['app_name', 'method', 'path'],
      buckets: SECONDS,
    });
    const http = registry.histogram({
      group: ['system', 'performance'],
      name: 'http_request_duration_seconds',
      help: 'From the first byte of a request to the last of its reply.',
      labels: ['method', 'endpoint'],
      buckets: SECONDS,
    });
    return ({ method, path, seconds }: HttpObservation): void => {
      requests.observe({ app_name: APP, method, path }, seconds);
      http.observe({ method, endpoint: path }, seconds);
    };
  }

  private sizes(registry: MetricsRegistry) {
    const define = (name: string, help: string) =>
      registry.histogram({ group: 'system', name, help, labels: ['app_name', 'method', 'path'], buckets: BYTES });
    const requests = define('fastapi_request_size_bytes', 'Sizes of request bodies.');
    const responses = define('fastapi_response_size_bytes', 'Sizes of reply bodies.');
    return ({ method, path, requestBytes, responseBytes }: HttpObservation): void => {
      requests.observe({ app_name: APP, method, path }, requestBytes);
      responses.observe({ app_name: APP, method, path }, responseBytes);
    };
  }
}
