import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { TrafficService } from '../../providers/services/traffic.service.js';
import { mergeReports, type MergedReports } from '../health-report.js';
import { SharedHealth } from '../persistence/shared-health.js';
import { DayCountsService } from './day-counts.service.js';
import { ProbeService } from './probe.service.js';

/** What gateways have seen of providers, put together. */
@Injectable()
export class HealthReportsService {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly traffic: TrafficService,
    private readonly probes: ProbeService,
    private readonly shared: SharedHealth,
    private readonly days: DayCountsService,
  ) {}

  /** Asks providers that callers leave in peace. */
  async probe(isBusy: (providerId: string) => boolean): Promise<void> {
    await this.probes.askIdle(isBusy);
  }

  /** This gateway's own report goes to the others. */
  async gather(): Promise<MergedReports> {
    const own = { at: Date.now(), offers: this.traffic.tallies(), probes: this.probes.recent() };
    const reports = await this.shared.exchange(own, 3 * this.env.HEALTH_INTERVAL_MS);
    return this.days.complete(mergeReports(reports));
  }
}
