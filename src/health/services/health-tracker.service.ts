import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { ENV, type Env } from '../../config/env.js';
import { LeaderService } from '../../platform/scheduling/leader.service.js';
import { isEnough } from '../health-state.js';
import { HealthArchiveService } from './health-archive.service.js';
import { HealthReportsService } from './health-reports.service.js';
import { ProviderHealthService } from './provider-health.service.js';

/**
 * Finds out how providers are, every 30 seconds: from the real traffic of all gateways, and where there was none by asking.
 * Every gateway knows and shows the result; the one that leads asks and writes it down.
 */
@Injectable()
export class HealthTrackerService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(HealthTrackerService.name);
  /** Providers were asked for their models at the start. */
  private nextAt: number;
  private isAtIt = false;
  private keeping: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly leader: LeaderService,
    private readonly reports: HealthReportsService,
    private readonly health: ProviderHealthService,
    private readonly archive: HealthArchiveService,
  ) {
    this.nextAt = Date.now() + env.HEALTH_INTERVAL_MS;
  }

  /** Begins without waiting: the database may come later. */
  onApplicationBootstrap(): void {
    void this.archive.recall().then((lastKnown) => {
      this.health.remember(lastKnown);
    });
  }

  /** What was shown already is known after a restart, too. A round that still asks providers is not waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.keeping.catch(() => undefined);
  }

  /** Looks each second whether it is time: how often that is, is a setting. */
  @Cron(CronExpression.EVERY_SECOND)
  async check(): Promise<void> {
    const now = Date.now();
    if (this.isAtIt || now < this.nextAt) return;
    this.isAtIt = true;
    this.nextAt = now + this.env.HEALTH_INTERVAL_MS;
    try {
      await this.round();
    } catch (error) {
      this.log.warn({ err: error }, 'the health of providers could not be found out');
    } finally {
      this.isAtIt = false;
    }
  }

  private async round(): Promise<void> {
    const isBusy = (providerId: string) => isEnough(this.health.of(providerId) ?? { attempts: 0 });
    await this.leader.run('probe providers', () => this.reports.probe(isBusy));
    const offers = this.health.judge(await this.reports.gather());
    this.keeping = this.leader.run('keep health', () => this.archive.keep(offers));
    await this.keeping;
  }
}
