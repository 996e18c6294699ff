import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { ApiKeyRow, FoundApiKeyRow } from '../../platform/database/database-rows.js';
import type { Actor, ApiKeyChanges, ApiKeySettings, OwnedApiKey } from '../api-key-settings.js';
import { readBudgetText, readScopes } from '../stored-settings.js';

/** The secret of a key, as far as it is kept. */
export interface HashedKey {
  readonly hash: string;
  readonly last4: string;
}

/** Another secret, and how long the one before works beside it. */
export interface KeyRotation extends HashedKey {
  readonly overlapSeconds: number;
}

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: DatabaseService) {}

  /** By the hash of its secret, or of the one before while both work. */
  async findByHash(hash: string): Promise<FoundApiKeyRow | undefined> {
    const [row] = await this.database.query({ table: 'api_keys', operation: 'find_api_key' }, (client) =>
      client.rpc('find_api_key', { hash }),
    );
    return row;
  }

  /** Makes the first user, an administrator, and a key. False when there is a user already. */
  async createFirstAdmin(email: string, name: string, { hash, last4 }: HashedKey): Promise<boolean> {
    return this.database.query({ table: 'users', operation: 'bootstrap_admin' }, (client) =>
      client.rpc('bootstrap_admin', { admin_email: email, key_name: name, key_hash: hash, key_last4: last4 }),
    );
  }

  /** Undefined when there is no such user. */
  async create(actor: Actor, settings: ApiKeySettings, { hash, last4 }: HashedKey): Promise<OwnedApiKey | undefined> {
    const record = { ...settings, user_id: actor.userId, key_hash: hash, last4 };
    const [row] = await this.database.query({ table: 'api_keys', operation: 'create_api_key' }, (client) =>
      client.rpc('create_api_key', { settings: JSON.stringify(record), actor: actor.userId, address: actor.address }),
    );
    return row && toOwned(row);
  }

  async list(userId: string): Promise<OwnedApiKey[]> {
    const rows = await this.database.query({ table: 'api_keys', operation: 'select' }, (client) =>
      client.from('api_keys').select('*, spent::text').eq('user_id', userId).order('created_at', { ascending: false }),
    );
    return rows.map(toOwned);
  }

  async find(userId: string, id: string): Promise<OwnedApiKey | undefined> {
    const [row] = await this.database.query({ table: 'api_keys', operation: 'select' }, (client) =>
      client.from('api_keys').select('*, spent::text').eq('user_id', userId).eq('id', id).limit(1),
    );
    return row && toOwned(row);
  }

  /** Undefined when the user has no such key. */
  async change(actor: Actor, id: string, changes: ApiKeyChanges): Promise<OwnedApiKey | undefined> {
    const { userId: owner, address } = actor;
    const [row] = await this.database.query({ table: 'api_keys', operation: 'change_api_key' }, (client) =>
      client.rpc('change_api_key', { key_id: id, owner, changes: JSON.stringify(changes), actor: owner, address }),
    );
    return row && toOwned(row);
  }

  /** Undefined when the user has no such key, or it was revoked. */
  async rotate(actor: Actor, id: string, rotation: KeyRotation): Promise<OwnedApiKey | undefined> {
    const { userId: owner, address } = actor;
    const [row] = await this.database.query({ table: 'api_keys', operation: 'rotate_api_key' }, (client) =>
      client.rpc('rotate_api_key', {
        key_id: id,
        owner,
        new_hash: rotation.hash,
        new_last4: rotation.last4,
        overlap_seconds: rotation.overlapSeconds,
        actor: owner,
        address,
      }),
    );
    return row && toOwned(row);
  }

  /** Under which hashes the key may be remembered. */
  async hashesOf(id: string): Promise<string[]> {
    const rows = await this.database.query({ table: 'api_keys', operation: 'select' }, (client) =>
      client.from('api_keys').select('key_hash, previous_hash').eq('id', id),
    );
    return rows.flatMap(({ key_hash, previous_hash }) => [key_hash, previous_hash]).filter((hash) => hash !== null);
  }

  /** When keys were used last: ISO times by id. */
  async touch(uses: Readonly<Record<string, string>>): Promise<void> {
    await this.database.query({ table: 'api_keys', operation: 'touch_api_keys' }, (client) =>
      client.rpc('touch_api_keys', { uses: JSON.stringify(uses) }),
    );
  }
}

function toOwned(row: ApiKeyRow): OwnedApiKey {
  return {
    id: row.id,
    name: row.name,
    last4: row.last4,
    active: row.active,
    scopes: readScopes(row.scopes),
    allowed_models: row.allowed_models,
    allowed_ips: row.allowed_ips,
    rate_limit: row.rate_limit,
    token_limit: row.token_limit,
    concurrency_limit: row.concurrency_limit,
    budget: readBudgetText(row.budget),
    spent: row.spent,
    expires_at: row.expires_at,
    store_history: row.store_history,
    created_at: row.created_at,
    last_used_at: row.last_used_at,
    revoked_at: row.revoked_at,
  };
}
