import { LRUCache } from 'lru-cache';

/** A cache of at most so many entries that takes memory only as it fills: one with a `max` takes it for all at once. */
export function growingCache<Value extends object | string>(most: number, ttlMs?: number): LRUCache<string, Value> {
  const limits = { maxSize: most, sizeCalculation: () => 1 };
  return new LRUCache<string, Value>(ttlMs === undefined ? limits : { ...limits, ttl: ttlMs });
}
