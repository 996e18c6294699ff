import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { RedisService } from '../redis/redis.service.js';
import { CachesService } from './caches.service.js';
import { inProcess } from './lru-cache.js';

const NO_SYSTEM = { backend: () => undefined } as never;

describe('the caches', () => {
  let colours: LRUCache<string, string>;
  let sounds: LRUCache<string, { readonly tone: bigint }>;
  let registry: MetricsRegistry;

  beforeEach(() => {
    colours = new LRUCache({ max: 200 });
    sounds = new LRUCache({ max: 10 });
    registry = new MetricsRegistry({ METRICS_MAX_SERIES: 10 });
  });

  const cachesWith = (redis: RedisService) => {
    const caches = new CachesService(registry, redis);
    const counts = caches.enrol(inProcess('colours', colours));
    caches.enrol(inProcess('sounds', sounds));
    return { caches, counts };
  };
  const alone = () => cachesWith(new RedisService(NO_SYSTEM));

  it('tell what they hold and how often that helped, in the order of their names', async () => {
    const { caches, counts } = alone();
    sounds.set('a', { tone: 440n });
    counts.count(true);
    counts.count(true);
    counts.count(false);
    expect(await caches.stats()).toEqual([
      { name: 'colours', scope: 'process', capacity: 200, entries: 0, bytes: 0, hits: 2, misses: 1 },
      // The key, and {"tone":"440"}.
      { name: 'sounds', scope: 'process', capacity: 10, entries: 1, bytes: 15, hits: 0, misses: 0 },
    ]);
  });

  it('tell the size of many entries by some of them', async () => {
    const { caches } = alone();
    for (let entry = 100; entry < 300; entry += 1) colours.set(String(entry), 'blue');
    const [{ bytes } = { bytes: undefined }] = await caches.stats();
    expect(bytes).toBe(200 * (3 + 6));
    expect(await registry.render(['performance'])).toContain('cache_size_bytes{cache_name="colours"} 1800');
  });

  it('are emptied by name, the others left alone', async () => {
    const { caches } = alone();
    colours.set('sky', 'blue');
    sounds.set('a', { tone: 440n });
    expect(await caches.clear(['sounds'])).toBe(1);
    expect([colours.size, sounds.size]).toEqual([1, 0]);
  });

  it('are emptied here while Redis is away, without a word of how many gateways there are', async () => {
    const client = new Redis({ lazyConnect: true, port: 1, maxRetriesPerRequest: 0, enableOfflineQueue: false });
    const redis = new RedisService(NO_SYSTEM, client);
    const { caches } = cachesWith(redis);
    colours.set('sky', 'blue');
    expect(await caches.clear(['colours'])).toBeUndefined();
    expect(colours.size).toBe(0);
    redis.onApplicationShutdown();
  });
});
