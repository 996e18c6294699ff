import { Injectable } from '@nestjs/common';
import type { Actor } from '../../auth/api-key-settings.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { KeptKey } from '../own-keys/kept-key.js';

/** A key as it is kept. */
export interface SealedKey {
  readonly providerId: string;
  readonly ciphertext: string;
  readonly last4: string;
}

@Injectable()
export class ProviderKeyRepository {
  constructor(private readonly database: DatabaseService) {}

  async list(userId: string): Promise<KeptKey[]> {
    return this.database.query({ table: 'provider_keys', operation: 'list' }, (client) =>
      client
        .from('provider_keys')
        .select('provider_id, last4, created_at')
        .eq('user_id', userId)
        .order('provider_id', { ascending: true }),
    );
  }

  /** Undefined when there is no such user. */
  async keep({ userId, address }: Actor, key: SealedKey): Promise<KeptKey | undefined> {
    const [row] = await this.database.query({ table: 'provider_keys', operation: 'keep_provider_key' }, (client) =>
      client.rpc('keep_provider_key', {
        for_user: userId,
        provider: key.providerId,
        encrypted: key.ciphertext,
        key_last4: key.last4,
        actor: userId,
        address,
      }),
    );
    return row;
  }

  /** False when there was none. */
  async remove({ userId, address }: Actor, providerId: string): Promise<boolean> {
    return this.database.query({ table: 'provider_keys', operation: 'remove_provider_key' }, (client) =>
      client.rpc('remove_provider_key', { for_user: userId, provider: providerId, actor: userId, address }),
    );
  }
}
