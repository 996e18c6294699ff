import { Injectable, Logger } from '@nestjs/common';
import type { Eventually } from '../eventually.js';
import type { CellCounter, CounterCell } from '../metrics/cell-counter.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { RedisUnavailableError } from '../redis/redis-errors.js';
import { RedisService } from '../redis/redis.service.js';

const CHANNEL = 'gatewayz:caches';

/** Something that is kept to be found faster, and could be found again. What must not be lost is no cache. */
export interface Cache {
  readonly name: string;
  /** In this process, or in Redis for all gateways. */
  readonly scope: 'process' | 'redis';
  /** How many entries it has room for; undefined where only time limits it. */
  readonly capacity: number | undefined;
  entries(): Eventually<number>;
  /** As far as they can be known. */
  bytes(): number | undefined;
  clear(): Eventually<void>;
}

/** What whoever has a cache tells of it. */
export interface CacheCounts {
  count(isHit: boolean): void;
}

export interface CacheStats extends Pick<Cache, 'name' | 'scope' | 'capacity'> {
  readonly entries: number;
  readonly bytes: number | undefined;
  readonly hits: number;
  readonly misses: number;
}

/** All caches of this gateway: how good they are, and how to empty them everywhere. */
@Injectable()
export class CachesService {
  private readonly log = new Logger(CachesService.name);
  private readonly caches = new Map<
    string,
    { readonly cache: Cache; readonly hits: CounterCell; readonly misses: CounterCell }
  >();
  private readonly hits: CellCounter<'cache_name'>;
  private readonly misses: CellCounter<'cache_name'>;

  constructor(
    registry: MetricsRegistry,
    private readonly redis: RedisService,
  ) {
    const define = (name: string, help: string) =>
      registry.counter({ group: 'performance', name, help, labels: ['cache_name'] });
    this.hits = define('cache_hits_total', 'Look-ups that a cache answered.');
    this.misses = define('cache_misses_total', 'Look-ups that a cache could not answer.');
    registry.gauge({
      group: 'performance',
      name: 'cache_size_bytes',
      help: 'Bytes that a cache holds, as far as they can be known.',
      labels: ['cache_name'],
      collect: (gauge) => {
        for (const { cache } of this.caches.values()) {
          const bytes = cache.bytes();
          if (bytes !== undefined) gauge.set({ cache_name: cache.name }, bytes);
        }
      },
    });
    if (!this.redis.isConfigured) return;
    this.redis.listen(CHANNEL, (name) => {
      this.hear(name).catch((error: unknown) => {
        this.log.warn({ err: error, cache: name }, 'could not empty a cache');
      });
    });
  }

  enrol(cache: Cache): CacheCounts {
    const [hits, misses] = [this.hits, this.misses].map((counter) => counter.cell({ cache_name: cache.name }));
    if (!hits || !misses) throw new Error('A cache has two counters.');
    this.caches.set(cache.name, { cache, hits, misses });
    return {
      count: (isHit) => {
        (isHit ? hits : misses).add();
      },
    };
  }

  names(): string[] {
    return [...this.caches.keys()].sort();
  }

  /** In alphabetical order. */
  async stats(): Promise<CacheStats[]> {
    const all = this.names().flatMap((name) => this.caches.get(name) ?? []);
    return Promise.all(
      all.map(async ({ cache, hits, misses }) => ({
        name: cache.name,
        scope: cache.scope,
        capacity: cache.capacity,
        entries: await cache.entries(),
        bytes: cache.bytes(),
        hits: hits.value,
        misses: misses.value,
      })),
    );
  }

  /** On every gateway that hears it. How many those are; undefined while Redis is away, when only this one does. */
  async clear(names: readonly string[]): Promise<number | undefined> {
    for (const name of names) await this.clearHere(name);
    if (!this.redis.isConfigured) return 1;
    if (this.redis.state !== 'up') return undefined;
    try {
      const heard = await this.redis.ask((redis) => Promise.all(names.map((name) => redis.publish(CHANNEL, name))));
      return Math.max(1, ...heard);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      return undefined;
    }
  }

  /** What is in Redis was emptied by whoever tells of it. */
  private async hear(name: string): Promise<void> {
    if (this.caches.get(name)?.cache.scope === 'process') await this.clearHere(name);
  }

  private async clearHere(name: string): Promise<void> {
    await this.caches.get(name)?.cache.clear();
  }
}
