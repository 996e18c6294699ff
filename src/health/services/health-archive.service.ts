import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { OfferHealth } from '../health-views.js';
import { HealthRepository } from '../persistence/health.repository.js';
import { SharedHealth } from '../persistence/shared-health.js';
import { ModelHealthService } from './model-health.service.js';
import { ProviderHealthService } from './provider-health.service.js';

/** Writes down how providers and models are, for those who read Redis or the database. */
@Injectable()
export class HealthArchiveService {
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
    if (this.database.state === 'up') await this.repository.keep(this.providers.all(), offers, new Date());
  }
}
