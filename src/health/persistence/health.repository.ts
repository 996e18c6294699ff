import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { ModelHealthRow, ProviderHealthRow } from '../../platform/database/database-rows.js';
import type { OfferHealth, ProviderHealth } from '../health-views.js';

@Injectable()
export class HealthRepository {
  constructor(private readonly database: DatabaseService) {}

  /** @throws DatabaseUnavailableError */
  async keep(providers: readonly ProviderHealth[], offers: readonly OfferHealth[], at: Date): Promise<void> {
    const last_check = at.toISOString();
    const providerRows = providers.map((health) => ({ ...providerRow(health), last_check }));
    const modelRows = offers.map((health) => ({ ...modelRow(health), last_check }));
    await this.database.query({ table: 'provider_health', operation: 'keep_health' }, (client) =>
      client.rpc('keep_health', { providers: JSON.stringify(providerRows), models: JSON.stringify(modelRows) }),
    );
  }
}

function providerRow(health: ProviderHealth): Omit<ProviderHealthRow, 'last_check'> {
  return {
    provider_id: health.providerId,
    status: health.status,
    error_count: health.faults,
    availability: health.isAvailable === undefined ? null : Number(health.isAvailable),
    error_rate: health.errorRate ?? null,
    latency: health.latencyP95Ms ?? null,
    score: health.score ?? null,
  };
}

function modelRow(health: OfferHealth): Omit<ModelHealthRow, 'last_check'> {
  return {
    model_id: health.modelId,
    provider_id: health.providerId,
    status: health.status,
    uptime_24h: health.uptime ?? null,
    error_rate: health.errorRate ?? null,
    avg_latency: health.latencyP50Ms ?? null,
  };
}
