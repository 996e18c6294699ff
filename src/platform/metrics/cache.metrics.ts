import { Injectable } from '@nestjs/common';
import type { CellCounter } from './cell-counter.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Hits and misses of every cache, by its name. */
@Injectable()
export class CacheMetrics {
  private readonly hits: CellCounter<'cache_name'>;
  private readonly misses: CellCounter<'cache_name'>;

  constructor(registry: MetricsRegistry) {
    const define = (name: string, help: string) =>
      registry.counter({ group: 'performance', name, help, labels: ['cache_name'] });
    this.hits = define('cache_hits_total', 'Look-ups that a cache answered.');
    this.misses = define('cache_misses_total', 'Look-ups that a cache could not answer.');
  }

  count(cache: string, isHit: boolean): void {
    (isHit ? this.hits : this.misses).cell({ cache_name: cache }).add();
  }
}
