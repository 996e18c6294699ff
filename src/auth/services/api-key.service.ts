import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ENV, type Env } from '../../config/env.js';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { CachesService, type CacheCounts } from '../../platform/cache/caches.service.js';
import { growingCache } from '../../platform/cache/growing-cache.js';
import { inProcess } from '../../platform/cache/lru-cache.js';
import type { Eventually } from '../../platform/eventually.js';
import { hashApiKey, isApiKey } from '../api-key-format.js';
import { AuthenticationError } from '../auth-errors.js';
import type { Caller } from '../caller.js';
import { ApiKeyRepository } from '../persistence/api-key.repository.js';
import { SharedKeyCache } from '../persistence/shared-key-cache.js';
import { toStoredKey, type StoredApiKey } from '../stored-settings.js';
import { PepperService } from './pepper.service.js';

const CACHED_KEYS = 50_000;
const KNOWN_FOR_MS = 30_000;
/** From then on a key that is in use is looked up again beside its calls, so that none of them waits. */
const RENEWED_AFTER_MS = 15_000;
/** Shorter, so that a key that was just made works soon. */
const UNKNOWN_FOR_MS = 5_000;
/** While nobody would tell that a key was changed. */
const TRUSTED_FOR_MS = 1_000;
/** Longer than a look that began before a change takes to end. */
const CHANGED_FOR_MS = 15_000;

interface Lookup {
  readonly key: StoredApiKey | undefined;
  readonly at: number;
  /** Somebody is looking again, or has tried to. */
  isRenewed: boolean;
}

/** Tells who presents a key: from memory, else from what other gateways know, else from the database. */
@Injectable()
export class ApiKeyService implements OnApplicationBootstrap {
  private readonly log = new Logger(ApiKeyService.name);
  /** By the key as it was presented: hashing it would be the dearest part of a look-up. Only in memory, and only briefly. */
  private readonly known = growingCache<Lookup>(CACHED_KEYS);
  private readonly counts: CacheCounts;
  private readonly lookups = new Map<string, Promise<Lookup>>();
  private readonly changed = new LRUCache<string, number>({ max: 10_000, ttl: CHANGED_FOR_MS });

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly repository: ApiKeyRepository,
    private readonly shared: SharedKeyCache,
    private readonly pepper: PepperService,
    caches: CachesService,
  ) {
    this.counts = caches.enrol(inProcess('auth', this.known));
  }

  onApplicationBootstrap(): void {
    this.shared.onChange((id) => {
      this.forget(id);
    });
  }

  /** At once when the key is known. @throws AuthenticationError, or DatabaseUnavailableError when nobody knows the key */
  authenticate(presented: string): Eventually<Caller> {
    const known = this.known.get(presented);
    const age = known ? Date.now() - known.at : Infinity;
    const isFresh = known !== undefined && age < this.trustedFor(known);
    this.counts.count(isFresh);
    if (!isFresh) return this.look(presented, known).then(callerOf);
    if (age > RENEWED_AFTER_MS && !known.isRenewed) this.renew(presented, known);
    return callerOf(known);
  }

  /** The key is not what it was; every gateway hears of it. */
  async change(id: string, hashes: readonly string[]): Promise<void> {
    this.forget(id);
    await this.shared.change(id, hashes);
  }

  private forget(id: string): void {
    this.changed.set(id, Date.now());
    for (const [presented, { key }] of this.known.entries()) {
      if (key?.caller.apiKeyId === id) this.known.delete(presented);
    }
  }

  private trustedFor({ key }: Lookup): number {
    if (!this.shared.hearsChanges) return TRUSTED_FOR_MS;
    return key ? KNOWN_FOR_MS : UNKNOWN_FOR_MS;
  }

  /** Once: should it fail, those who come when the time is up look for themselves. */
  private renew(presented: string, known: Lookup): void {
    known.isRenewed = true;
    this.look(presented, known).catch((error: unknown) => {
      this.log.debug({ err: error }, 'a key in use could not be read again');
    });
  }

  /** One look however many requests wait for it. While the database is away, what is known keeps working for a while. */
  private async look(presented: string, known: Lookup | undefined): Promise<Lookup> {
    if (!isApiKey(presented)) throw new AuthenticationError('invalid_api_key');
    const running = this.lookups.get(presented);
    const lookup = running ?? this.read(presented).finally(() => this.lookups.delete(presented));
    this.lookups.set(presented, lookup);
    try {
      return await lookup;
    } catch (error) {
      const isUsable = known?.key !== undefined && Date.now() - known.at < this.env.AUTH_STALE_MS;
      if (!(error instanceof DatabaseUnavailableError) || !isUsable) throw error;
      return known;
    }
  }

  private async read(presented: string): Promise<Lookup> {
    const at = Date.now();
    const hash = hashApiKey(presented, this.pepper.value);
    const shared = await this.shared.find(hash);
    const row = shared ?? (await this.repository.findByHash(hash));
    const lookup: Lookup = { key: row && toStoredKey(row), at, isRenewed: false };
    // Changed while it was being read: it is right for this request, which came before, and for no other.
    if (row && (this.changed.get(row.id) ?? 0) >= at) return lookup;
    this.known.set(presented, lookup);
    if (row && !shared) await this.shared.keep(hash, row);
    return lookup;
  }
}

function callerOf({ key }: Lookup): Caller {
  if (!key) throw new AuthenticationError('invalid_api_key');
  if (!key.isActive) throw new AuthenticationError('api_key_revoked');
  if (key.expiresAt !== undefined && key.expiresAt <= Date.now()) throw new AuthenticationError('api_key_expired');
  return key.caller;
}
