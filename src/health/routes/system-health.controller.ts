import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import type { Response } from 'express';
import { GuestsWelcome } from '../../auth/access.js';
import type { User } from '../../auth/caller.js';
import { CurrentGuest } from '../../auth/current-caller.js';
import { SystemHealthService } from '../services/system-health.service.js';

@GuestsWelcome()
@Controller('health/system')
export class SystemHealthController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly system: SystemHealthService,
  ) {}

  /** In a word for everybody, with figures for administrators; 503 when something is wrong. */
  @Get()
  @HealthCheck()
  async check(
    @CurrentGuest() guest: User | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const report = await this.report(response);
    return guest?.isAdmin ? report : inAWord(report);
  }

  private async report(response: Response): Promise<HealthCheckResult> {
    try {
      return await this.checks.check(this.system.checks());
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(error.getStatus());
      // Terminus puts its report into the exception.
      return error.getResponse() as HealthCheckResult;
    }
  }
}

function inAWord({ status, details }: HealthCheckResult): object {
  const checks = Object.entries(details).map(([name, check]) => [name, check.status] as const);
  return { status, checks: Object.fromEntries(checks) };
}
