import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import type { Response } from 'express';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { Public } from '../../auth/access.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { Drain } from '../../platform/http/drain.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import { describeLiveness, type Liveness } from '../liveness.js';

@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: DatabaseService,
    private readonly redis: RedisService,
    private readonly drain: Drain,
  ) {}

  /** Always 200 while the process runs, and asks nobody. */
  @Get(['health', 'api/health', 'health/live'])
  health(): Liveness {
    return describeLiveness(this.database.state, this.redis.state);
  }

  /** Whether to send traffic here: 503 until the database is up, and again while draining. */
  @Get('health/ready')
  @HealthCheck()
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    try {
      return await this.checks.check([() => this.databaseIsUp(), () => this.isNotDraining()]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(error.getStatus());
      // Terminus puts its report into the exception.
      return error.getResponse() as HealthCheckResult;
    }
  }

  private databaseIsUp(): HealthIndicatorResult {
    const indicator = this.indicators.check('database');
    return this.database.state === 'up' ? indicator.up() : indicator.down({ state: this.database.state });
  }

  private isNotDraining(): HealthIndicatorResult {
    const indicator = this.indicators.check('traffic');
    return this.drain.isDraining ? indicator.down('draining') : indicator.up();
  }
}
