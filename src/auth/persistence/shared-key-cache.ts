import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { CachesService, type Cache, type CacheCounts } from '../../platform/cache/caches.service.js';
import type { FoundApiKeyRow } from '../../platform/database/database-rows.js';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisScript } from '../../platform/redis/redis-script.js';
import { RedisService } from '../../platform/redis/redis.service.js';

const KEPT_MS = 60_000;
/** Longer than any look into the database that began before a change takes to end. */
const CHANGED_FOR_MS = 15_000;
const CHANGED = 'changed';
const CHANNEL = 'gatewayz:revocations';
const ALL = { match: nameOf('*'), count: 1_000 };

/** KEYS: what is known of API keys. ARGV: the mark of a change, which stays: somebody may have read what was before it. */
const FORGET = new RedisScript(`
for _, name in ipairs(KEYS) do
  if redis.call('GET', name) ~= ARGV[1] then redis.call('DEL', name) end
end
`);

/** What gateways tell each other about API keys: what they know of them, and that one was changed. By hashes only. */
@Injectable()
export class SharedKeyCache {
  private readonly counts: CacheCounts;

  constructor(
    private readonly redis: RedisService,
    caches: CachesService,
  ) {
    this.counts = caches.enrol(this.asCache());
  }

  /** Whether changes that others make are heard of; without Redis nobody else is expected to make any. */
  get hearsChanges(): boolean {
    return !this.redis.isConfigured || this.redis.isListening;
  }

  async find(hash: string): Promise<FoundApiKeyRow | undefined> {
    if (this.redis.state !== 'up') return undefined;
    const known = await this.redis.ask((redis) => redis.get(nameOf(hash))).catch(ignoreAbsence);
    const isKnown = typeof known === 'string' && known !== CHANGED;
    this.counts.count(isKnown);
    return isKnown ? (JSON.parse(known) as FoundApiKeyRow) : undefined;
  }

  /** Not when the key was changed a moment ago: what was read may be from before. */
  async keep(hash: string, key: FoundApiKeyRow): Promise<void> {
    if (this.redis.state !== 'up') return;
    const text = JSON.stringify(key);
    await this.redis.ask((redis) => redis.set(nameOf(hash), text, 'PX', KEPT_MS, 'NX')).catch(ignoreAbsence);
  }

  /** Tells every gateway that a key is not what it was. */
  async change(id: string, hashes: readonly string[]): Promise<void> {
    if (!this.redis.isConfigured) return;
    const tell = async (): Promise<void> => {
      for (const hash of hashes) {
        await this.redis.ask((redis) => redis.set(nameOf(hash), CHANGED, 'PX', CHANGED_FOR_MS));
      }
      await this.redis.ask((redis) => redis.publish(CHANNEL, id));
    };
    await tell().catch(ignoreAbsence);
  }

  /** Calls the listener with the id of each key that somebody changes. */
  onChange(listener: (id: string) => void): void {
    if (this.redis.isConfigured) this.redis.listen(CHANNEL, listener);
  }

  private asCache(): Cache {
    return {
      name: 'auth_shared',
      scope: 'redis',
      capacity: undefined,
      entries: () => this.count(),
      bytes: () => undefined,
      clear: () => this.forEach((redis, names) => FORGET.run(redis, names, [CHANGED])),
    };
  }

  private async count(): Promise<number> {
    let count = 0;
    await this.forEach((_, names) => Promise.resolve((count += names.length)));
    return count;
  }

  /** Does something with all names, some at a time; nothing while Redis is away. */
  private async forEach(visit: (redis: Redis, names: string[]) => Promise<unknown>): Promise<void> {
    if (this.redis.state !== 'up') return;
    const walk = async (redis: Redis): Promise<void> => {
      for await (const names of redis.scanStream(ALL)) {
        const some = names as string[];
        if (some.length > 0) await visit(redis, some);
      }
    };
    await this.redis.ask(walk).catch(ignoreAbsence);
  }
}

function nameOf(hash: string): string {
  return `gatewayz:auth:${hash}`;
}

/** Without Redis the database is asked; who does not hear of changes trusts its memory only for a second. */
function ignoreAbsence(error: unknown): undefined {
  if (!(error instanceof RedisUnavailableError)) throw error;
  return undefined;
}
