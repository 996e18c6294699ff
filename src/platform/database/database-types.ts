/** The database as supabase-js wants to know it; written beside the migrations, and checked by the tests against them. */

export type Json = string | number | boolean | null | { [member: string]: Json | undefined } | Json[];

interface Table<Row, Optional extends keyof Row, Relationships extends Relationship[] = []> {
  Row: Row;
  Insert: Omit<Row, Optional> & Partial<Pick<Row, Optional>>;
  Update: Partial<Row>;
  Relationships: Relationships;
}

interface Relationship {
  foreignKeyName: string;
  columns: string[];
  isOneToOne: boolean;
  referencedRelation: string;
  referencedColumns: string[];
}

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
> & { role: string };

export type AuditRow = {
  id: number;
  user_id: string | null;
  action: string;
  resource: string;
  detail: Json;
  address: string | null;
  timestamp: string;
};

type LedgerRow = {
  reference: string;
  kind: string;
  user_id: string;
  debit_account: string;
  credit_account: string;
  amount: string;
  note: string | null;
  created_at: string;
};

type MovementRow = {
  outcome: 'posted' | 'repeated' | 'conflict' | 'unknown_user';
  credited: string | null;
  debited: string | null;
  credits: string | null;
};

/** What was credited and debited in all; the balance is the difference. */
type AccountTotals = { credited: string; debited: string };

type TransactionRow = {
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

type ChatHistoryRow = {
  request_id: string;
  user_id: string;
  conversation_id: string;
  api_key_id: string;
  model_id: string;
  messages: Json;
  tokens_used: number;
  created_at: string;
};

type KeyBelongsToUser = {
  foreignKeyName: 'api_keys_user_id_fkey';
  columns: ['user_id'];
  isOneToOne: false;
  referencedRelation: 'users';
  referencedColumns: ['id'];
};

export type Database = {
  public: {
    Tables: {
      users: Table<UserRow, Exclude<keyof UserRow, 'email'>>;
      api_keys: Table<
        ApiKeyRow,
        Exclude<keyof ApiKeyRow, 'user_id' | 'name' | 'key_hash' | 'last4'>,
        [KeyBelongsToUser]
      >;
      user_transactions: Table<TransactionRow, never>;
      audit_logs: Table<AuditRow, 'id' | 'timestamp'>;
      credit_ledger: Table<LedgerRow, 'note' | 'created_at'>;
      chat_history: Table<ChatHistoryRow, never>;
    };
    Views: Record<string, never>;
    Functions: {
      settle_usage: { Args: { records: string }; Returns: ({ user_id: string } & AccountTotals)[] };
      spending_state: {
        Args: { for_user: string; for_key: string };
        Returns: (AccountTotals & {
          credit_line: string | null;
          day: string;
          week: string;
          month: string;
          total: string;
        })[];
      };
      post_credits: {
        Args: { for_user: string; amount: string; kind: string; reference: string; note: string | null };
        Returns: MovementRow[];
      };
      move_credits: {
        Args: {
          for_user: string;
          amount: string;
          kind: string;
          reference: string;
          note: string | null;
          actor: string;
          address: string;
        };
        Returns: MovementRow[];
      };
      credit_statement: {
        Args: { for_user: string; before_time: string | null; before_reference: string | null; page: number };
        Returns: Omit<LedgerRow, 'user_id' | 'debit_account' | 'credit_account'>[];
      };
      reconcile_credits: {
        Args: never;
        Returns: { users: number; balance_drift: string; transaction_drift: string }[];
      };
      bootstrap_admin: {
        Args: { admin_email: string; key_name: string; key_hash: string; key_last4: string };
        Returns: boolean;
      };
      find_api_key: { Args: { hash: string }; Returns: FoundApiKeyRow[] };
      create_api_key: { Args: { settings: string; actor: string; address: string }; Returns: ApiKeyRow[] };
      change_api_key: {
        Args: { key_id: string; owner: string; changes: string; actor: string; address: string };
        Returns: ApiKeyRow[];
      };
      rotate_api_key: {
        Args: {
          key_id: string;
          owner: string;
          new_hash: string;
          new_last4: string;
          overlap_seconds: number;
          actor: string;
          address: string;
        };
        Returns: ApiKeyRow[];
      };
      touch_api_keys: { Args: { uses: string }; Returns: number };
      register_user: {
        Args: { for_user: string; user_email: string; signup_credits: string; address: string };
        Returns: UserRow[];
      };
      change_user: { Args: { for_user: string; changes: string; actor: string; address: string }; Returns: UserRow[] };
      apply_audit_retention: { Args: never; Returns: number };
      apply_retention: { Args: never; Returns: number };
      keep_chat_history: { Args: { entries: string }; Returns: number };
      chat_conversations: {
        Args: { for_user: string; before_time: string | null; before_id: string | null; page: number };
        Returns: (Pick<ChatHistoryRow, 'conversation_id' | 'model_id' | 'tokens_used' | 'created_at'> & {
          requests: number;
          updated_at: string;
        })[];
      };
      chat_conversation: {
        Args: {
          for_user: string;
          conversation: string;
          after_time: string | null;
          after_request: string | null;
          page: number;
        };
        Returns: Omit<ChatHistoryRow, 'user_id' | 'conversation_id' | 'api_key_id'>[];
      };
      forget_chat_history: { Args: { for_user: string; conversation: string | null }; Returns: number };
      apply_chat_history_retention: { Args: never; Returns: number };
    };
  };
};
