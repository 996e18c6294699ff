import type { Scope } from './access.js';
import type { BudgetPeriod } from './caller.js';

/** What a user decides about a key, named like its columns; null is without limit. */
export interface ApiKeySettings {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly allowed_models: readonly string[] | null;
  readonly allowed_ips: readonly string[] | null;
  /** Requests a minute. */
  readonly rate_limit: number | null;
  /** Tokens a minute. */
  readonly token_limit: number | null;
  readonly concurrency_limit: number | null;
  /** Dollars as text, by period. */
  readonly budget: Readonly<Partial<Record<BudgetPeriod, string>>> | null;
  /** ISO 8601. */
  readonly expires_at: string | null;
  readonly store_history: boolean;
}

/** A key as its owner sees it. */
export interface OwnedApiKey extends ApiKeySettings {
  readonly id: string;
  readonly last4: string;
  readonly active: boolean;
  readonly spent: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

/** Who makes a change, and from where. */
export interface Actor {
  readonly userId: string;
  readonly address: string;
}

/** Settings to be changed; those that are not named stay. */
export type ApiKeyChanges = Partial<ApiKeySettings> & { readonly active?: false; readonly revoked_at?: string };
