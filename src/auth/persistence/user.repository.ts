import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { UserRow } from '../../platform/database/database-rows.js';
import type { Account } from '../account.js';
import type { Actor } from '../api-key-settings.js';

/** Which part of the list of accounts. */
export interface AccountPage {
  /** Part of an e-mail. */
  readonly q: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** What an administrator may change. */
export interface AccountChanges {
  readonly role?: 'user' | 'admin';
  /** Dollars as text; null is without limit. */
  readonly credit_line?: string | null;
}

const COLUMNS = 'id, email, role, credits::text, credit_line::text, created_at';

type SelectedUser = Pick<UserRow, 'id' | 'email' | 'role' | 'credits' | 'credit_line' | 'created_at'>;

@Injectable()
export class UserRepository {
  constructor(private readonly database: DatabaseService) {}

  async find(id: string): Promise<Account | undefined> {
    const [row] = await this.database.query({ table: 'users', operation: 'select' }, (client) =>
      client.from('users').select(COLUMNS).eq('id', id).limit(1),
    );
    return row && toAccount(row);
  }

  async list({ q, limit, offset }: AccountPage): Promise<Account[]> {
    const rows = await this.database.query({ table: 'users', operation: 'select' }, (client) => {
      const all = client.from('users').select(COLUMNS);
      const found = q === undefined ? all : all.ilike('email', `%${q.replace(/[%_\\]/g, '\\$&')}%`);
      return found.order('created_at', { ascending: false }).range(offset, offset + limit - 1);
    });
    return rows.map(toAccount);
  }

  /** Makes the account of a Supabase Auth user, unless there is one; undefined when its e-mail is another's. */
  async register(actor: Actor, email: string, signupCredits: string): Promise<Account | undefined> {
    const { userId, address } = actor;
    const [row] = await this.database.query({ table: 'users', operation: 'register_user' }, (client) =>
      client.rpc('register_user', { for_user: userId, user_email: email, signup_credits: signupCredits, address }),
    );
    return row && toAccount(row);
  }

  /** Undefined when there is no such user. */
  async change(actor: Actor, id: string, changes: AccountChanges): Promise<Account | undefined> {
    const { userId, address } = actor;
    const [row] = await this.database.query({ table: 'users', operation: 'change_user' }, (client) =>
      client.rpc('change_user', { for_user: id, changes: JSON.stringify(changes), actor: userId, address }),
    );
    return row && toAccount(row);
  }
}

function toAccount({
  id,
  email,
  role,
  credits,
  credit_line: creditLine,
  created_at: createdAt,
}: SelectedUser): Account {
  return {
    id,
    email,
    role: role === 'admin' ? 'admin' : 'user',
    credits,
    creditLine,
    createdAt,
  };
}
