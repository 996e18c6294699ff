import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Json } from '../../platform/database/database-types.js';
import { parseDollars } from '../../platform/money/nano-dollars.js';
import { BUDGET_PERIODS, type Budget, type KeyLimits } from '../caller.js';

/** An API key as the database knows it. */
export interface StoredApiKey {
  readonly id: string;
  readonly userId: string;
  readonly role: string;
  readonly isActive: boolean;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970, or undefined for never. */
  readonly expiresAt: number | undefined;
  readonly limits: KeyLimits;
}

/** A key to be made; only its hash is kept. */
export interface NewApiKey {
  readonly name: string;
  readonly hash: string;
  readonly last4: string;
}

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: DatabaseService) {}

  async findByHash(hash: string): Promise<StoredApiKey | undefined> {
    const rows = await this.database.query({ table: 'api_keys', operation: 'select' }, (client) =>
      client
        .from('api_keys')
        .select(
          'id, user_id, active, scopes, expires_at, rate_limit, token_limit, concurrency_limit, budget, users(role)',
        )
        .eq('key_hash', hash)
        .limit(1),
    );
    const [row] = rows;
    return (
      row && {
        id: row.id,
        userId: row.user_id,
        role: row.users.role,
        isActive: row.active,
        scopes: row.scopes,
        expiresAt: row.expires_at === null ? undefined : Date.parse(row.expires_at),
        limits: {
          requestsPerMinute: row.rate_limit ?? undefined,
          tokensPerMinute: row.token_limit ?? undefined,
          concurrency: row.concurrency_limit ?? undefined,
          budget: readBudget(row.budget),
        },
      }
    );
  }

  /** Makes the first user, an administrator, and a key. False when there is a user already. */
  async createFirstAdmin(email: string, key: NewApiKey): Promise<boolean> {
    return this.database.query({ table: 'users', operation: 'bootstrap_admin' }, (client) =>
      client.rpc('bootstrap_admin', {
        admin_email: email,
        key_name: key.name,
        key_hash: key.hash,
        key_last4: key.last4,
      }),
    );
  }
}

/** Amounts by period, as text. */
function readBudget(budget: Json): Budget {
  if (budget === null || typeof budget !== 'object' || Array.isArray(budget)) return {};
  const amounts = BUDGET_PERIODS.map((period) => [period, budget[period]] as const);
  const given = amounts.filter((entry): entry is [(typeof BUDGET_PERIODS)[number], string] => {
    return typeof entry[1] === 'string';
  });
  return Object.fromEntries(given.map(([period, amount]) => [period, parseDollars(amount)]));
}
