import type { BlockList } from 'node:net';
import type { NanoDollars } from '../platform/money/nano-dollars.js';
import type { Scope } from './access.js';
import { PermissionError } from './auth-errors.js';

export const BUDGET_PERIODS = ['day', 'week', 'month', 'total'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** What a key may spend in each running day, week (from Monday), month (all of UTC), or in all. */
export type Budget = Readonly<Partial<Record<BudgetPeriod, NanoDollars>>>;

/** What one key may do at most; undefined is without limit. */
export interface KeyLimits {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  /** Calls at the same time. */
  readonly concurrency: number | undefined;
  readonly budget: Budget;
}

/** Whoever makes a request, by an API key or having logged in. */
export interface User {
  readonly userId: string;
  readonly isAdmin: boolean;
}

/** Who makes a request: one API key, and the user that it belongs to. */
export interface Caller extends User {
  readonly apiKeyId: string;
  readonly scopes: readonly Scope[];
  readonly limits: KeyLimits;
  /** Undefined: every model. */
  readonly allowedModels: RegExp | undefined;
  /** Undefined: from everywhere. */
  readonly allowedAddresses: BlockList | undefined;
  readonly keepsHistory: boolean;
  /** The caller's own keys of providers, encrypted, by the provider's id. */
  readonly providerKeys: ReadonlyMap<string, string>;
}

/** @throws PermissionError when the key may not use the model, by its canonical name */
export function refuseOtherModels({ allowedModels }: Caller, modelId: string): void {
  if (allowedModels && !allowedModels.test(modelId)) throw new PermissionError('model_not_allowed', 'model');
}

/** Only for some models, from some addresses, for some time or money: such a key makes no others. */
export function isRestricted({ limits, allowedModels, allowedAddresses }: Caller): boolean {
  const { budget, ...rates } = limits;
  const hasLimit = Object.values(rates).some((limit) => limit !== undefined) || Object.keys(budget).length > 0;
  return hasLimit || allowedModels !== undefined || allowedAddresses !== undefined;
}
