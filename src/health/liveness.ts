import { VERSION } from '../config/version.js';
import type { DatabaseState } from '../platform/database/database-state.js';

/** What the process says of itself without asking anybody. */
export interface Liveness {
  readonly status: 'healthy' | 'degraded';
  readonly timestamp: string;
  /** Seconds. */
  readonly uptime: number;
  readonly version: string;
  readonly database: DatabaseState;
  readonly redis: 'not_configured';
}

export function describeLiveness(database: DatabaseState): Liveness {
  return {
    status: database === 'up' ? 'healthy' : 'degraded',
    timestamp: new Date().toISOString(),
    uptime: Math.round(process.uptime() * 10) / 10,
    version: VERSION,
    database,
    redis: 'not_configured',
  };
}
