import type { CallReportRow, CostReportRow } from '../../platform/database/report-rows.js';

/** What is told where there were no calls. */
export const NO_CALLS: CallReportRow = {
  label: '',
  requests: 0,
  completed: 0,
  cancelled: 0,
  failed: 0,
  attempts: 0,
  failed_attempts: 0,
  input_tokens: 0,
  cache_read_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  credits_used: '0.000000000',
  cost: '0.000000000',
  tokens_per_second: null,
  latency_p50: null,
  latency_p95: null,
  latency_p99: null,
  first_token_p50: null,
  first_token_p95: null,
};

/** Of how calls went. Null is unknown; rates are 0 to 1: of calls that succeeded, and of attempts that failed. */
export function viewCalls(row: CallReportRow): object {
  const { requests, completed, cancelled, failed, attempts, failed_attempts } = row;
  return {
    requests,
    completed,
    cancelled,
    failed,
    attempts,
    failed_attempts,
    error_rate: share(failed_attempts, attempts),
    success_rate: share(completed, requests),
  };
}

/** How long completed calls took, and how fast models wrote. */
export function viewLatency(row: CallReportRow): object {
  return {
    latency_p50_ms: rounded(row.latency_p50),
    latency_p95_ms: rounded(row.latency_p95),
    latency_p99_ms: rounded(row.latency_p99),
    first_token_p50_ms: rounded(row.first_token_p50),
    first_token_p95_ms: rounded(row.first_token_p95),
    tokens_per_second: rounded(row.tokens_per_second),
  };
}

/** Cached tokens are some of the input, hidden ones some of the output. */
export function viewTokens(row: CallReportRow): object {
  const { input_tokens, output_tokens, cache_read_tokens, reasoning_tokens } = row;
  return { input_tokens, output_tokens, cached_input_tokens: cache_read_tokens, reasoning_tokens };
}

export function viewEfficiency(row: CallReportRow): object {
  return {
    output_per_input_token: share(row.output_tokens, row.input_tokens),
    cached_share: share(row.cache_read_tokens, row.input_tokens),
    cost_per_thousand_output_tokens: perThousand(row.cost, row.output_tokens),
  };
}

/** Dollars as text. */
export function viewMoney({ credits_used, cost }: CallReportRow): object {
  return { credits_used, cost };
}

/** Calls in a second, and what they read and wrote. */
export function viewPace({ requests, input_tokens, output_tokens }: CallReportRow, seconds: number): object {
  return { requests_per_second: requests / seconds, tokens_per_second: (input_tokens + output_tokens) / seconds };
}

/** What was earned and spent; dollars as text. */
export function viewCosts(rows: readonly CostReportRow[]): object {
  const of = (wanted: CostReportRow['kind']): object[] =>
    rows.filter(({ kind }) => kind === wanted).map(({ kind, label, ...figures }) => ({ [kind]: label, ...figures }));
  return { by_provider: of('provider'), by_model: of('model'), by_day: of('day') };
}

/** An estimate to compare by, unlike what is charged. */
export function perThousand(dollars: string, tokens: number): number | null {
  return tokens === 0 ? null : Number(((Number(dollars) * 1000) / tokens).toPrecision(6));
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Number((part / whole).toFixed(6));
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(1));
}
