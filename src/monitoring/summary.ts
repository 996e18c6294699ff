import type { DatabaseState } from '../platform/database/database-state.js';
import type { Figures } from './figures.js';

/** Where the figures of a summary come from. */
export const SUMMARISED = [
  'http_requests_total',
  'http_request_duration_seconds',
  'fastapi_requests_in_progress',
  'model_inference_requests_total',
  'model_inference_duration_seconds',
  'time_to_first_chunk_seconds',
  'tokens_used_total',
  'credits_used_total',
  'provider_response_time_seconds',
  'provider_availability',
  'gatewayz_provider_health_score',
  'gatewayz_circuit_breaker_state',
  'gatewayz_failovers_total',
  'gatewayz_cost_by_provider_total',
  'gatewayz_journal_backlog',
  'gatewayz_credit_settlements_total',
  'rate_limited_requests_total',
  'active_api_keys',
  'user_subscription_count',
  'user_credit_balance',
  'database_queries_total',
  'database_query_duration_seconds',
] as const;

/** Models with the most calls. */
const MODELS_SHOWN = 20;

export type Summary = ReturnType<typeof summarise>;

/** What this gateway has seen since it started; null is unknown, rates are 0 to 1, money is USD. */
export function summarise(figures: Figures, state: DatabaseState, now: Date) {
  return {
    timestamp: now.toISOString(),
    metrics: {
      http: http(figures),
      models: models(figures),
      providers: providers(figures),
      database: database(figures, state),
      business: business(figures),
    },
  };
}

function http(figures: Figures) {
  const statuses = figures.by('http_requests_total', 'status_code');
  const total = sumOf(statuses, () => true);
  const failed = sumOf(statuses, (status) => status >= '500' && status < '600');
  return {
    requests_total: total,
    requests_in_progress: figures.sum('fastapi_requests_in_progress'),
    requests_by_status: statuses,
    error_rate: rate(failed, total),
    average_duration_ms: milliseconds(figures.mean('http_request_duration_seconds')),
  };
}

function models(figures: Figures) {
  const calls = figures.by('model_inference_requests_total', 'model');
  return {
    requests_total: sumOf(calls, () => true),
    requests_by_status: figures.by('model_inference_requests_total', 'status'),
    tokens: figures.by('tokens_used_total', 'token_type'),
    average_duration_ms: milliseconds(figures.mean('model_inference_duration_seconds')),
    average_first_chunk_ms: milliseconds(figures.mean('time_to_first_chunk_seconds')),
    top: Object.entries(calls)
      .slice(0, MODELS_SHOWN)
      .map(([model, requests]) => ({
        model,
        requests,
        tokens: figures.by('tokens_used_total', 'token_type', { model }),
        credits_used: figures.sum('credits_used_total', { model }),
        average_duration_ms: milliseconds(figures.mean('model_inference_duration_seconds', { model })),
      })),
  };
}

function providers(figures: Figures) {
  const calls = figures.by('model_inference_requests_total', 'provider');
  return Object.entries(calls).map(([provider, requests]) => {
    const failed = figures.sum('model_inference_requests_total', { provider, status: 'error' });
    return {
      provider,
      requests,
      error_rate: rate(failed, requests),
      average_response_ms: milliseconds(figures.mean('provider_response_time_seconds', { provider })),
      cost: figures.sum('gatewayz_cost_by_provider_total', { provider }),
      failovers_from: figures.sum('gatewayz_failovers_total', { from_provider: provider }),
      open_circuit_breakers: figures.sum('gatewayz_circuit_breaker_state', { provider, state: 'open' }),
      availability: figures.gauge('provider_availability', { provider }),
      health_score: figures.gauge('gatewayz_provider_health_score', { provider }),
    };
  });
}

function database(figures: Figures, state: DatabaseState) {
  return {
    state,
    queries_total: figures.sum('database_queries_total'),
    average_query_ms: milliseconds(figures.mean('database_query_duration_seconds')),
    journal_backlog_bytes: figures.sum('gatewayz_journal_backlog'),
  };
}

function business(figures: Figures) {
  return {
    credits_used: figures.sum('credits_used_total'),
    cost: figures.sum('gatewayz_cost_by_provider_total'),
    settlements: figures.by('gatewayz_credit_settlements_total', 'status'),
    limited_requests: figures.by('rate_limited_requests_total', 'limit_type'),
    api_keys: figures.by('active_api_keys', 'status'),
    users: figures.by('user_subscription_count', 'plan_type'),
    credit_balance: figures.by('user_credit_balance', 'plan_type'),
  };
}

function sumOf(sums: Readonly<Record<string, number>>, isMeant: (value: string) => boolean): number {
  return Object.entries(sums).reduce((sum, [value, count]) => (isMeant(value) ? sum + count : sum), 0);
}

function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e6) / 1e3;
}
