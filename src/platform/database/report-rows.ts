/** What `call_report` tells of a group of calls; milliseconds, and money as text. Null is unknown. */
export type CallReportRow = {
  label: string;
  requests: number;
  completed: number;
  cancelled: number;
  failed: number;
  attempts: number;
  failed_attempts: number;
  input_tokens: number;
  cache_read_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  credits_used: string;
  cost: string;
  tokens_per_second: number | null;
  latency_p50: number | null;
  latency_p95: number | null;
  latency_p99: number | null;
  first_token_p50: number | null;
  first_token_p95: number | null;
};

/** What `cost_report` tells of a group of calls; money as text. */
export type CostReportRow = {
  kind: 'provider' | 'model' | 'day';
  label: string;
  requests: number;
  input_tokens: number;
  output_tokens: number;
  credits_used: string;
  cost: string;
  margin: string;
  own_key_fees: string;
  failed_cost: string;
};

/** The last one is above all bounds: null. */
export type LatencyBucketRow = { up_to_ms: number | null; calls: number };

export type FailedAttemptRow = {
  call_id: string;
  timestamp: string;
  model_id: string;
  reason: string | null;
  call_status: string;
};
