import type { FoundApiKeyRow, Json } from '../platform/database/database-rows.js';
import { parseDollars } from '../platform/money/nano-dollars.js';
import { SCOPES, type Scope } from './access.js';
import { addressList, modelPatterns } from './allow-lists.js';
import { BUDGET_PERIODS, type Budget, type BudgetPeriod, type Caller } from './caller.js';

/** An API key as the guard needs to know it. */
export interface StoredApiKey {
  readonly caller: Caller;
  readonly isActive: boolean;
  /** Milliseconds since 1970, or undefined for never. */
  readonly expiresAt: number | undefined;
}

export function toStoredKey(row: FoundApiKeyRow): StoredApiKey {
  return {
    isActive: row.active,
    expiresAt: row.expires_at === null ? undefined : Date.parse(row.expires_at),
    caller: {
      userId: row.user_id,
      apiKeyId: row.id,
      isAdmin: row.role === 'admin',
      scopes: readScopes(row.scopes),
      limits: {
        requestsPerMinute: row.rate_limit ?? undefined,
        tokensPerMinute: row.token_limit ?? undefined,
        concurrency: row.concurrency_limit ?? undefined,
        budget: readBudget(row.budget),
      },
      allowedModels: row.allowed_models ? modelPatterns(row.allowed_models) : undefined,
      allowedAddresses: row.allowed_ips ? addressList(row.allowed_ips) : undefined,
      keepsHistory: row.store_history,
      providerKeys: readProviderKeys(row.provider_keys),
    },
  };
}

const NO_KEYS: ReadonlyMap<string, string> = new Map();

/** Null, and absent in what an older gateway shares, is none. */
function readProviderKeys(given: Json | undefined): ReadonlyMap<string, string> {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return NO_KEYS;
  return new Map(Object.entries(given).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

export function readScopes(scopes: readonly string[]): Scope[] {
  return SCOPES.filter((scope) => scopes.includes(scope));
}

/** Amounts by period, as text; null without any. */
export function readBudgetText(budget: Json): Partial<Record<BudgetPeriod, string>> | null {
  if (budget === null || typeof budget !== 'object' || Array.isArray(budget)) return null;
  const amounts = BUDGET_PERIODS.flatMap((period) => {
    const amount = budget[period];
    return typeof amount === 'string' ? [[period, amount] as const] : [];
  });
  return Object.fromEntries(amounts);
}

function readBudget(budget: Json): Budget {
  const amounts = Object.entries(readBudgetText(budget) ?? {});
  return Object.fromEntries(amounts.map(([period, amount]) => [period, parseDollars(amount)]));
}
