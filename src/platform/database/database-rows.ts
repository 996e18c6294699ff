/** The rows of the tables, as supabase-js wants to know them; money is text (read it with a cast). */

export type Json = string | number | boolean | null | { [member: string]: Json | undefined } | Json[];

// supabase-js wants type aliases here: interfaces have no index signature.
export type UserRow = {
  id: string;
  email: string;
  role: string;
  /** Lite gives `numeric` as text, PostgREST as a number: read it with a cast to text. */
  credits: string;
  credited: string;
  debited: string;
  credit_line: string | null;
  created_at: string;
};

export type ApiKeyRow = {
  id: string;
  user_id: string;
  name: string;
  key_hash: string;
  last4: string;
  active: boolean;
  scopes: string[];
  allowed_models: string[] | null;
  allowed_ips: string[] | null;
  rate_limit: number | null;
  token_limit: number | null;
  concurrency_limit: number | null;
  budget: Json;
  expires_at: string | null;
  last_used_at: string | null;
  spent: string;
  revoked_at: string | null;
  previous_hash: string | null;
  previous_expires_at: string | null;
  store_history: boolean;
  created_at: string;
};

/** A key as the guard looks it up. */
export type FoundApiKeyRow = Pick<
  ApiKeyRow,
  | 'id'
  | 'user_id'
  | 'active'
  | 'scopes'
  | 'allowed_models'
  | 'allowed_ips'
  | 'rate_limit'
  | 'token_limit'
  | 'concurrency_limit'
  | 'budget'
  | 'expires_at'
  | 'store_history'
> & { role: string; provider_keys: Json };

export type ProviderKeyRow = {
  user_id: string;
  provider_id: string;
  ciphertext: string;
  last4: string;
  created_at: string;
};

export type MaintenanceRow = {
  provider_id: string;
  model_id: string;
  starts_at: string;
  ends_at: string | null;
  reason: string;
};

/** What an administrator said of one offer; null is what the lists say. */
export type ModelRow = {
  id: string;
  provider: string;
  name: string | null;
  native_id: string | null;
  pricing: Json;
  context_length: number | null;
  max_output_tokens: number | null;
  capabilities: string[] | null;
  weight: number | null;
  active: boolean;
};

export type ProviderRow = {
  id: string;
  name: string;
  endpoint: string;
  enabled: boolean;
  priority: number;
  credentials: string | null;
};

export type AcceptedListRow = { source: string; digest: string };

export type AuditRow = {
  id: number;
  user_id: string | null;
  action: string;
  resource: string;
  detail: Json;
  address: string | null;
  timestamp: string;
};

export type LedgerRow = {
  reference: string;
  kind: string;
  user_id: string;
  debit_account: string;
  credit_account: string;
  amount: string;
  note: string | null;
  created_at: string;
};

export type MovementRow = {
  outcome: 'posted' | 'repeated' | 'conflict' | 'unknown_user';
  credited: string | null;
  debited: string | null;
  credits: string | null;
};

/** What was credited and debited in all; the balance is the difference. */
export type AccountTotals = { credited: string; debited: string };

export type TransactionRow = {
  id: string;
  user_id: string;
  api_key_id: string;
  model_id: string;
  provider_id: string;
  endpoint: string;
  status: string;
  streamed: boolean;
  attempts: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  audio_input_tokens: number;
  audio_output_tokens: number;
  token_source: string;
  credits_used: string;
  cost: string;
  duration_ms: number;
  first_token_ms: number | null;
  trace: Json;
  timestamp: string;
};

export type ChatHistoryRow = {
  request_id: string;
  user_id: string;
  conversation_id: string;
  api_key_id: string;
  model_id: string;
  messages: Json;
  tokens_used: number;
  created_at: string;
};

export type AnalyticsEventRow = {
  user_id: string;
  source: 'gateway' | 'caller';
  id: string;
  api_key_id: string;
  name: string;
  properties: Json;
  timestamp: string;
  received_at: string;
};

/** Usage of one group: an hour, a day, a model, a provider or a key. */
export type UsageReportRow = Pick<
  TransactionRow,
  | 'input_tokens'
  | 'cache_read_tokens'
  | 'cache_write_tokens'
  | 'output_tokens'
  | 'reasoning_tokens'
  | 'audio_input_tokens'
  | 'audio_output_tokens'
  | 'credits_used'
  | 'cost'
  | 'duration_ms'
> & { label: string; requests: number; completed: number; cancelled: number; failed: number };

/** What `account_figures` counts; amounts as text, because credits are. */
export type AccountFigureRow = {
  figure: 'keys' | 'users' | 'credits';
  label: string;
  amount: string;
};

export type AnomalyRow = {
  id: string;
  series: string;
  measure: string;
  type: string;
  severity: string;
  provider_id: string | null;
  model_id: string | null;
  api_key_id: string | null;
  value: number;
  expected: number;
  score: number;
  explanation: string;
  started_at: string;
  last_seen_at: string;
  ended_at: string | null;
};

export type AnomalyAlertRow = {
  anomaly_id: string;
  channel: string;
  event: 'begin' | 'end';
  created_at: string;
  tries: number;
  next_try_at: string | null;
  delivered_at: string | null;
};

/** An alert, and what it is about. */
export type DueAlertRow = Pick<AnomalyAlertRow, 'anomaly_id' | 'channel' | 'event' | 'tries'> &
  Pick<AnomalyRow, 'series' | 'measure' | 'type' | 'severity' | 'explanation' | 'started_at' | 'ended_at'>;
