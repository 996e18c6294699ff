import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CacheMetrics } from '../../platform/metrics/cache.metrics.js';
import { hashApiKey, isApiKey } from '../api-key-format.js';
import { AuthenticationError } from '../auth-errors.js';
import type { Caller } from '../caller.js';
import { ApiKeyRepository, type StoredApiKey } from '../persistence/api-key.repository.js';
import { PepperService } from './pepper.service.js';

const CACHED_KEYS = 50_000;
/** A revocation takes effect within this time. */
const KNOWN_FOR_MS = 30_000;
/** Shorter, so that a key that was just made works soon. */
const UNKNOWN_FOR_MS = 5_000;

/** Staleness is looked at this often; a finer grain would set a timer for nearly every request. */
const STALENESS_MS = 1_000;

interface Lookup {
  readonly key: StoredApiKey | undefined;
  readonly caller: Caller | undefined;
}

/** Tells who presents a key: from memory, or with one database call however many requests wait for it. */
@Injectable()
export class ApiKeyService {
  /** By the key as it was presented: hashing it would be the dearest part of a look-up. Only in memory, and only briefly. */
  private readonly cache: LRUCache<string, Lookup>;

  constructor(
    private readonly repository: ApiKeyRepository,
    private readonly pepper: PepperService,
    private readonly metrics: CacheMetrics,
  ) {
    this.cache = new LRUCache<string, Lookup>({
      max: CACHED_KEYS,
      ttl: KNOWN_FOR_MS,
      ttlResolution: STALENESS_MS,
      fetchMethod: async (presented, _, { options }) => {
        const key = await this.repository.findByHash(hashApiKey(presented, this.pepper.value));
        if (!key) options.ttl = UNKNOWN_FOR_MS;
        return { key, caller: key && toCaller(key) };
      },
    });
  }

  /** @throws AuthenticationError, or DatabaseUnavailableError when the key is not in memory */
  async authenticate(presented: string): Promise<Caller> {
    const cached = this.cache.get(presented);
    this.metrics.count('auth', cached !== undefined);
    const { key, caller } = cached ?? (await this.look(presented));
    if (!key || !caller) throw new AuthenticationError('invalid_api_key');
    if (!key.isActive) throw new AuthenticationError('api_key_revoked');
    if (key.expiresAt !== undefined && key.expiresAt <= Date.now()) throw new AuthenticationError('api_key_expired');
    return caller;
  }

  private look(presented: string): Promise<Lookup> {
    if (!isApiKey(presented)) throw new AuthenticationError('invalid_api_key');
    return this.cache.forceFetch(presented);
  }
}

function toCaller({ id, userId, role, scopes, limits }: StoredApiKey): Caller {
  return { userId, apiKeyId: id, isAdmin: role === 'admin', scopes, limits };
}
