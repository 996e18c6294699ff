import { VERSION } from '../config/version.js';
import type { DatabaseState } from '../platform/database/database-state.js';
import type { RedisState } from '../platform/redis/redis-state.js';

/** What the process says of itself without asking anybody. */
export interface Liveness {
  readonly status: 'healthy' | 'degraded';
  readonly timestamp: string;
  /** Seconds. */
  readonly uptime: number;
  readonly version: string;
  readonly database: DatabaseState;
  readonly redis: RedisState;
}

export function describeLiveness(database: DatabaseState, redis: RedisState): Liveness {
  return {
    status: database === 'up' && redis !== 'down' ? 'healthy' : 'degraded',
    timestamp: new Date().toISOString(),
    uptime: Math.round(process.uptime() * 10) / 10,
    version: VERSION,
    database,
    redis,
  };
}
