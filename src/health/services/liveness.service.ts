import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { VERSION } from '../../config/version.js';

export interface Liveness {
  readonly status: 'healthy' | 'degraded';
  readonly timestamp: string;
  /** Seconds. */
  readonly uptime: number;
  readonly version: string;
  readonly database: 'starting' | 'up' | 'down';
  readonly redis: 'not_configured';
}

/** What the process knows of itself without asking anybody. */
@Injectable()
export class LivenessService {
  constructor(private readonly database: DatabaseService) {}

  report(): Liveness {
    const { state } = this.database;
    return {
      status: state === 'up' ? 'healthy' : 'degraded',
      timestamp: new Date().toISOString(),
      uptime: Math.round(process.uptime() * 10) / 10,
      version: VERSION,
      database: state,
      redis: 'not_configured',
    };
  }
}
