import type { CallReportRow } from '../../platform/database/database-rows.js';

/** Of how calls went. Null is unknown; rates are 0 to 1; money is dollars as text. */
export function viewCalls({ requests, completed, cancelled, failed }: CallReportRow): object {
  return {
    requests,
    completed,
    cancelled,
    failed,
    error_rate: share(failed, requests),
    success_rate: share(completed, requests),
  };
}

export function viewLatency(row: CallReportRow): object {
  return {
    latency_p50_ms: rounded(row.latency_p50),
    latency_p95_ms: rounded(row.latency_p95),
    latency_p99_ms: rounded(row.latency_p99),
    first_token_p50_ms: rounded(row.first_token_p50),
    first_token_p95_ms: rounded(row.first_token_p95),
  };
}

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

export function viewMoney({ credits_used, cost }: CallReportRow): object {
  return { credits_used, cost };
}

/** An estimate to compare by, unlike what is charged. */
export function perThousand(dollars: string, tokens: number): number | null {
  return tokens === 0 ? null : Number(((Number(dollars) * 1000) / tokens).toPrecision(6));
}

export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Number((part / whole).toFixed(6));
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(1));
}
