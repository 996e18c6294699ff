import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../../auth/api-key-settings.js';
import type { Caller } from '../../auth/caller.js';
import { KeyManagementService } from '../../auth/services/key-management.service.js';
import { ENV, type Env } from '../../config/env.js';
import { CachesService, type CacheCounts } from '../../platform/cache/caches.service.js';
import { inProcess } from '../../platform/cache/lru-cache.js';
import { DataDirectory } from '../../platform/data-directory/data-directory.js';
import { InvalidRequestError, NotFoundError } from '../../platform/errors/request-errors.js';
import { authorization, type ConnectedProvider } from '../connected-provider.js';
import { KeySeal, UnreadableKeyError } from '../own-keys/sealed-key.js';
import type { KeptKey } from '../own-keys/kept-key.js';
import { ProviderKeyRepository } from '../persistence/provider-key.repository.js';
import { ProviderRegistryService } from './provider-registry.service.js';

const OPENED_KEYS = 10_000;

/** Keys that callers have of their own at providers: kept encrypted, used before ours, never shown again. */
@Injectable()
export class OwnKeysService {
  private readonly log = new Logger(OwnKeysService.name);
  private readonly seal: KeySeal | undefined;
  /** By ciphertext. Null: it cannot be opened. */
  private readonly opened = new LRUCache<string, { readonly connected: ConnectedProvider | null }>({
    max: OPENED_KEYS,
  });

  private readonly counts: CacheCounts;

  constructor(
    @Inject(ENV) env: Env,
    directory: DataDirectory,
    private readonly repository: ProviderKeyRepository,
    private readonly registry: ProviderRegistryService,
    private readonly keys: KeyManagementService,
    caches: CachesService,
  ) {
    this.counts = caches.enrol({ ...inProcess('provider_keys', this.opened), bytes: () => undefined });
    const isEmbedded = !env.SUPABASE_URL && !env.DATABASE_URL;
    const secret = env.CREDENTIALS_KEY ?? (isEmbedded ? directory.secret('credentials-key') : undefined);
    this.seal = secret === undefined ? undefined : new KeySeal(secret);
  }

  list(userId: string): Promise<KeptKey[]> {
    return this.repository.list(userId);
  }

  /** @throws InvalidRequestError, NotFoundError */
  async keep(actor: Actor, providerId: string, key: string): Promise<KeptKey> {
    const seal = this.sealFor(providerId);
    const ciphertext = seal.seal(key, { userId: actor.userId, providerId });
    const kept = await this.repository.keep(actor, { providerId, ciphertext, last4: key.slice(-4) });
    if (!kept) throw new NotFoundError('There is no such user.');
    await this.keys.tellOf(actor.userId);
    return kept;
  }

  /** @throws NotFoundError */
  async remove(actor: Actor, providerId: string): Promise<void> {
    if (!(await this.repository.remove(actor, providerId))) {
      throw new NotFoundError('You keep no key of this provider here.');
    }
    await this.keys.tellOf(actor.userId);
  }

  /** The provider as the caller's own key reaches it; undefined without one. In memory. */
  connect({ userId, providerKeys }: Caller, connected: ConnectedProvider): ConnectedProvider | undefined {
    const ciphertext = providerKeys.get(connected.provider.id);
    if (ciphertext === undefined) return undefined;
    let known = this.opened.get(ciphertext);
    this.counts.count(known !== undefined);
    if (!known) {
      known = { connected: this.open(ciphertext, userId, connected) };
      this.opened.set(ciphertext, known);
    }
    return known.connected ?? undefined;
  }

  private open(ciphertext: string, userId: string, connected: ConnectedProvider): ConnectedProvider | null {
    const { provider } = connected;
    if (!this.seal || provider.signer) return null;
    try {
      const key = this.seal.open(ciphertext, { userId, providerId: provider.id });
      return { ...connected, headers: { ...provider.headers, ...authorization(provider, key) } };
    } catch (error) {
      if (!(error instanceof UnreadableKeyError)) throw error;
      this.log.error({ userId, provider: provider.id }, 'a provider key cannot be read: was CREDENTIALS_KEY changed?');
      return null;
    }
  }

  private sealFor(providerId: string): KeySeal {
    const connected = this.registry.find(providerId);
    if (!connected) throw new NotFoundError(`This gateway has no provider "${providerId}".`);
    if (connected.provider.signer || !connected.provider.apiKeyVariable) {
      throw new InvalidRequestError(`${connected.provider.name} is not reached by a key.`, 'provider');
    }
    if (!this.seal) {
      throw new InvalidRequestError('This gateway keeps no keys of providers: CREDENTIALS_KEY is not set.', 'provider');
    }
    return this.seal;
  }
}
