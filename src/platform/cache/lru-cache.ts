import type { LRUCache } from 'lru-cache';
import type { Cache } from './caches.service.js';

/** So many entries tell how large all of them are. */
const SAMPLES = 50;

/** A cache in this process, as others see it. */
export function inProcess<Value extends object | string>(name: string, cache: LRUCache<string, Value>): Cache {
  return {
    name,
    scope: 'process',
    capacity: cache.max || cache.maxSize,
    entries: () => cache.size,
    bytes: () => estimate(cache),
    clear: () => {
      cache.clear();
    },
  };
}

/** As text, which is near enough. */
function estimate<Value extends object | string>(cache: LRUCache<string, Value>): number {
  let [bytes, seen] = [0, 0];
  for (const [key, value] of cache.entries()) {
    bytes += key.length + JSON.stringify(value, withText).length;
    seen += 1;
    if (seen === SAMPLES) break;
  }
  return seen === 0 ? 0 : Math.round((bytes / seen) * cache.size);
}

function withText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
