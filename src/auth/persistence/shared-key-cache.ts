import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Cache } from '../../platform/cache/caches.service.js';
import type { FoundApiKeyRow } from '../../platform/database/database-rows.js';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisService } from '../../platform/redis/redis.service.js';

const KEPT_MS = 60_000;
/** Longer than any look into the database that began before a change takes to end. */
const CHANGED_FOR_MS = 15_000;
const CHANGED = 'changed';
const CHANNEL = 'gatewayz:revocations';

/** What gateways tell each other about API keys: what they know of them, and that one was changed. By hashes only. */
@Injectable()
export class SharedKeyCache {
  constructor(private readonly redis: RedisService) {}

  /** Whether changes that others make are heard of; without Redis nobody else is expected to make any. */
  get hearsChanges(): boolean {
    return !this.redis.isConfigured || this.redis.isListening;
  }

  async find(hash: string): Promise<FoundApiKeyRow | undefined> {
    if (this.redis.state !== 'up') return undefined;
    const known = await this.redis.ask((redis) => redis.get(nameOf(hash))).catch(ignoreAbsence);
    return known && known !== CHANGED ? (JSON.parse(known) as FoundApiKeyRow) : undefined;
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

  /** For those who look after caches. */
  asCache(): Cache {
    return {
      name: 'auth_shared',
      scope: 'redis',
      capacity: undefined,
      entries: async () => (await this.names()).length,
      bytes: () => undefined,
      clear: async () => {
        const names = await this.names();
        if (names.length > 0) await this.redis.ask((redis) => redis.del(...names)).catch(ignoreAbsence);
      },
    };
  }

  private async names(): Promise<string[]> {
    if (this.redis.state !== 'up') return [];
    const scan = async (redis: Redis): Promise<string[]> => {
      const found: string[] = [];
      for await (const names of redis.scanStream({ match: nameOf('*'), count: 1_000 }))
        found.push(...(names as string[]));
      return found;
    };
    return (await this.redis.ask(scan).catch(ignoreAbsence)) ?? [];
  }

  /** Calls the listener with the id of each key that somebody changes. */
  onChange(listener: (id: string) => void): void {
    if (this.redis.isConfigured) this.redis.listen(CHANNEL, listener);
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
