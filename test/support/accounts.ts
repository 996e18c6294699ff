import type postgres from 'postgres';
import { randomUUID } from 'node:crypto';
import { createApiKey, hashApiKey, lastFour } from '../../src/auth/api-key-format.js';

export const PEPPER = 'a pepper of more than thirty-two characters';

/** Limits of a key, by their columns. */
export interface KeyColumns {
  readonly rate_limit?: number;
  readonly token_limit?: number;
  readonly concurrency_limit?: number;
  readonly budget?: Readonly<Record<string, string>>;
}

export interface Account {
  readonly userId: string;
  readonly apiKeyId: string;
  readonly key: string;
}

/** A user with credits and a key, written into PostgreSQL as a gateway would. */
export async function createAccount(sql: postgres.Sql, dollars: string, limits: KeyColumns = {}): Promise<Account> {
  const key = createApiKey('test');
  const [user] = await sql<{ id: string }[]>`
    insert into public.users (email) values (${`${randomUUID()}@example.com`}) returning id`;
  const userId = user?.id ?? '';
  const [row] = await sql<{ id: string }[]>`
    insert into public.api_keys ${sql({
      user_id: userId,
      name: 'test',
      key_hash: hashApiKey(key, PEPPER),
      last4: lastFour(key),
      rate_limit: limits.rate_limit ?? null,
      token_limit: limits.token_limit ?? null,
      concurrency_limit: limits.concurrency_limit ?? null,
      budget: limits.budget ? sql.json(limits.budget) : null,
    })} returning id`;
  await sql`select public.post_credits(${userId}, ${dollars}, 'grant', ${`grant:${userId}`}, null)`;
  return { userId, apiKeyId: row?.id ?? '', key };
}
