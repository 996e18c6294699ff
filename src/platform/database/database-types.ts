/** The database as supabase-js wants to know it; written beside the migrations, and checked by the tests against them. */

import type {
  AcceptedListRow,
  AccountFigureRow,
  AccountTotals,
  AnalyticsEventRow,
  AnomalyAlertRow,
  AnomalyRow,
  ApiKeyRow,
  AuditRow,
  ChatHistoryRow,
  DueAlertRow,
  FoundApiKeyRow,
  LedgerRow,
  MaintenanceRow,
  ModelRow,
  MovementRow,
  ProviderKeyRow,
  ProviderRow,
  TransactionRow,
  UsageReportRow,
  UserRow,
} from './database-rows.js';
import type { CallReportRow, CostReportRow, FailedAttemptRow, LatencyBucketRow } from './report-rows.js';
import type { ModelHealthRow, ProviderHealthRow } from './health-rows.js';

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
      provider_keys: Table<ProviderKeyRow, 'created_at'>;
      maintenance: Table<MaintenanceRow, never>;
      anomalies: Table<AnomalyRow, never>;
      anomaly_alerts: Table<AnomalyAlertRow, never>;
      provider_health: Table<ProviderHealthRow, never>;
      model_health: Table<ModelHealthRow, never>;
      models: Table<ModelRow, Exclude<keyof ModelRow, 'id' | 'provider'>>;
      providers: Table<ProviderRow, 'enabled' | 'priority' | 'credentials'>;
      accepted_lists: Table<AcceptedListRow, never>;
      credit_ledger: Table<LedgerRow, 'note' | 'created_at'>;
      chat_history: Table<ChatHistoryRow, never>;
      analytics_events: Table<AnalyticsEventRow, 'properties' | 'received_at'>;
    };
    Views: Record<string, never>;
    Functions: {
      settle_usage: {
        Args: { records: string; call_events?: boolean };
        Returns: ({ user_id: string } & AccountTotals)[];
      };
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
      usage_series: {
        Args: { at_time: string; recent_ms: number; days: number; around_ms: number };
        Returns: string;
      };
      keep_anomalies: {
        Args: { findings: string; ended: string; channels: string[]; least_severity: string; cooldown_seconds: number };
        Returns: Pick<AnomalyRow, 'series' | 'measure' | 'type' | 'severity'>[];
      };
      due_alerts: { Args: { most: number }; Returns: DueAlertRow[] };
      call_report: {
        Args: {
          from_time: string;
          to_time: string;
          for_provider: string | null;
          for_model: string | null;
          grouped_by: string;
        };
        Returns: CallReportRow[];
      };
      cost_report: { Args: { from_time: string; to_time: string }; Returns: CostReportRow[] };
      latency_histogram: {
        Args: {
          from_time: string;
          to_time: string;
          for_provider: string;
          for_model: string;
          bounds_ms: readonly number[];
        };
        Returns: LatencyBucketRow[];
      };
      failed_attempts: {
        Args: { for_provider: string; from_time: string; page: number; skipped: number };
        Returns: FailedAttemptRow[];
      };
      keep_health: { Args: { providers: string; models: string }; Returns: undefined };
      count_attempts: { Args: { counts: string }; Returns: string };
      account_figures: { Args: never; Returns: AccountFigureRow[] };
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
      keep_provider_key: {
        Args: {
          for_user: string;
          provider: string;
          encrypted: string;
          key_last4: string;
          actor: string;
          address: string;
        };
        Returns: ProviderKeyRow[];
      };
      remove_provider_key: {
        Args: { for_user: string; provider: string; actor: string; address: string };
        Returns: boolean;
      };
      keep_maintenance: {
        Args: {
          provider: string;
          model: string;
          starts: string;
          ends: string | null;
          why: string;
          actor: string;
          address: string;
        };
        Returns: MaintenanceRow[];
      };
      end_maintenance: {
        Args: { provider: string; model: string; actor: string; address: string };
        Returns: boolean;
      };
      change_model: {
        Args: { model: string; at_provider: string; changes: string; actor: string; address: string };
        Returns: ModelRow[];
      };
      change_provider: {
        Args: { provider: string; known: string; changes: string; actor: string; address: string };
        Returns: ProviderRow[];
      };
      accept_list: {
        Args: { list: string; edition: string; doubts: string; actor: string; address: string };
        Returns: undefined;
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
      keep_analytics_events: { Args: { events: string }; Returns: number };
      aggregate_usage: { Args: { most: number }; Returns: number };
      usage_report: {
        Args: { for_user: string | null; from_time: string; to_time: string; grouped_by: string; page: number };
        Returns: UsageReportRow[];
      };
      apply_analytics_retention: { Args: { most: number }; Returns: number };
    };
  };
};
