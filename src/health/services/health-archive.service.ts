import { Injectable, Logger } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { HealthState } from '../health-state.js';
import { NOTHING_REMEMBERED, REMEMBERED_MS, type LastKnown } from '../last-known.js';
import type { OfferHealth } from '../health-views.js';
import { HealthRepository } from '../persistence/health.repository.js';
import { SharedHealth } from '../persistence/shared-health.js';
import { ModelHealthService } from './model-health.service.js';
import { ProviderHealthService } from './provider-health.service.js';

/** Writes down how providers and models are, for those who read Redis or the database. */
@Injectable()
export class HealthArchiveService {
  private readonly log = new Logger(HealthArchiveService.name);

  constructor(
    private readonly providers: ProviderHealthService,
    private readonly models: ModelHealthService,
    private readonly shared: SharedHealth,
    private readonly database: DatabaseService,
    private readonly repository: HealthRepository,
  ) {}

  /** @throws DatabaseUnavailableError, RedisUnavailableError */
  async keep(offers: readonly OfferHealth[]): Promise<void> {
    await this.shared.publish(this.providers.all(), this.models.asked());
    if (this.database.state !== 'up') return;
    const isNew = ({ source }: HealthState) => source !== 'memory';
    await this.repository.keep(this.providers.all().filter(isNew), offers.filter(isNew));
  }

  /** What was found before this gateway began, once the database is there. Never throws. */
  async recall(): Promise<LastKnown> {
    try {
      await this.database.ready();
      return await this.repository.since(new Date(Date.now() - REMEMBERED_MS));
    } catch (error) {
      this.log.debug({ err: error }, 'nothing is remembered of the health of providers');
      return NOTHING_REMEMBERED;
    }
  }
}
