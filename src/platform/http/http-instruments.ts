import type { MetricsRegistry } from '../metrics/metrics-registry.js';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const BYTES = [100, 1e3, 1e4, 1e5, 1e6];
const FASTAPI = ['app_name', 'method', 'path'] as const;

export type HttpInstruments = ReturnType<typeof defineHttpMetrics>;

/** The definitions; names, labels and buckets are a contract with dashboards. */
export function defineHttpMetrics(registry: MetricsRegistry) {
  return { ...counters(registry), ...durations(registry), ...sizes(registry) };
}

function counters(registry: MetricsRegistry) {
  return {
    fastapiRequests: registry.counter({
      group: 'system',
      name: 'fastapi_requests_total',
      help: 'Requests answered.',
      labels: [...FASTAPI, 'status_code'],
    }),
    httpRequests: registry.counter({
      group: 'system',
      name: 'http_requests_total',
      help: 'Requests answered.',
      labels: ['method', 'endpoint', 'status_code'],
    }),
    exceptions: registry.counter({
      group: 'system',
      name: 'fastapi_exceptions_total',
      help: 'Requests answered with an error, by its class.',
      labels: [...FASTAPI, 'exception_type'],
    }),
  };
}

function durations(registry: MetricsRegistry) {
  const help = 'From the first byte of a request to the last of its reply.';
  return {
    fastapiDurations: registry.histogram({
      group: ['system', 'performance'],
      name: 'fastapi_requests_duration_seconds',
      help,
      labels: FASTAPI,
      buckets: SECONDS,
    }),
    httpDurations: registry.histogram({
      group: ['system', 'performance'],
      name: 'http_request_duration_seconds',
      help,
      labels: ['method', 'endpoint'],
      buckets: SECONDS,
    }),
  };
}

function sizes(registry: MetricsRegistry) {
  const define = (name: string, help: string) =>
    registry.histogram({ group: 'system', name, help, labels: FASTAPI, buckets: BYTES });
  return {
    requestSizes: define('fastapi_request_size_bytes', 'Sizes of request bodies.'),
    responseSizes: define('fastapi_response_size_bytes', 'Sizes of replies on the wire.'),
  };
}
