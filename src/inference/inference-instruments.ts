import type { MetricsRegistry } from '../platform/metrics/metrics-registry.js';

const TTFB = [0.1, 0.5, 1, 1.5, 2, 2.5, 3, 5, 10];
const STAGES = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const OF_MODEL = ['provider', 'model'] as const;

/** All tokens of a model since the start. */
export interface TokenSums {
  input: number;
  output: number;
}

export type InferenceInstruments = ReturnType<typeof defineInferenceMetrics>;

/** The definitions; names, labels and buckets are a contract with dashboards. */
export function defineInferenceMetrics(registry: MetricsRegistry, tokenSums: ReadonlyMap<string, TokenSums>) {
  registry.gauge({
    group: 'models',
    name: 'gatewayz_token_efficiency',
    help: 'Output tokens for each input token.',
    labels: ['model'],
    collect: (gauge) => {
      for (const [model, { input, output }] of tokenSums) if (input > 0) gauge.set({ model }, output / input);
    },
  });
  return { ...counters(registry), ...troubles(registry), ...modelTimings(registry), ...pathTimings(registry) };
}

function counters(registry: MetricsRegistry) {
  return {
    requests: registry.counter({
      group: 'models',
      name: 'model_inference_requests_total',
      help: 'Attempts to have a provider answer, by how they ended.',
      labels: [...OF_MODEL, 'status'],
    }),
    tokens: registry.counter({
      group: ['models', 'business'],
      name: 'tokens_used_total',
      help: 'Tokens, cached and reasoning ones also within input and output.',
      labels: [...OF_MODEL, 'token_type'],
    }),
    credits: registry.counter({
      group: ['models', 'business'],
      name: 'credits_used_total',
      help: 'USD that callers paid.',
      labels: OF_MODEL,
    }),
    cost: registry.counter({
      group: 'business',
      name: 'gatewayz_cost_by_provider_total',
      help: 'USD that providers charge us.',
      labels: ['provider'],
    }),
  };
}

/** What went wrong at providers. */
function troubles(registry: MetricsRegistry) {
  return {
    malformedEvents: registry.counter({
      group: 'providers',
      name: 'gatewayz_malformed_events_total',
      help: 'Events of streams that could not be read, and were left out.',
      labels: ['provider'],
    }),
    failovers: registry.counter({
      group: 'providers',
      name: 'gatewayz_failovers_total',
      help: 'Calls that went on to another provider.',
      labels: ['from_provider', 'to_provider', 'reason'],
    }),
    retriesRefused: registry.counter({
      group: 'providers',
      name: 'gatewayz_retries_refused_total',
      help: 'Calls that failed although providers were left, since the retry budget was spent.',
      labels: [],
    }),
  };
}

function modelTimings(registry: MetricsRegistry) {
  return {
    duration: registry.histogram({
      group: ['models', 'performance'],
      name: 'model_inference_duration_seconds',
      help: 'From the request to a provider to the end of its reply.',
      labels: OF_MODEL,
      buckets: [0.1, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300],
    }),
    firstChunk: registry.histogram({
      group: ['models', 'performance'],
      name: 'time_to_first_chunk_seconds',
      help: 'From the request to a provider to the first token of its stream.',
      labels: OF_MODEL,
      buckets: [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 10, 15],
    }),
    responseTime: registry.histogram({
      group: ['providers', 'performance'],
      name: 'provider_response_time_seconds',
      help: 'From the request to a provider to the head of its reply.',
      labels: ['provider'],
      buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
    }),
  };
}

function pathTimings(registry: MetricsRegistry) {
  return {
    backendTtfb: registry.histogram({
      group: 'performance',
      name: 'backend_ttfb_seconds',
      help: 'From the request to a provider to the head of its reply.',
      labels: [...OF_MODEL, 'endpoint'],
      buckets: TTFB,
    }),
    streaming: registry.histogram({
      group: 'performance',
      name: 'streaming_duration_seconds',
      help: 'From the first token of a stream to its end.',
      labels: [...OF_MODEL, 'endpoint'],
      buckets: TTFB,
    }),
    frontend: registry.histogram({
      group: 'performance',
      name: 'frontend_processing_seconds',
      help: 'From the request to the gateway to the request to a provider.',
      labels: ['endpoint'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
    }),
    stages: registry.histogram({
      group: 'performance',
      name: 'request_stage_duration_seconds',
      help: 'Where the time of a call goes.',
      labels: ['stage', 'endpoint'],
      buckets: STAGES,
    }),
  };
}
