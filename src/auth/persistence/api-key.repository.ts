import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';

/** An API key as the database knows it. */
export interface StoredApiKey {
  readonly id: string;
  readonly userId: string;
  readonly role: string;
  readonly isActive: boolean;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970, or undefined for never. */
  readonly expiresAt: number | undefined;
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
        .select('id, user_id, active, scopes, expires_at, users(role)')
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
