import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { ModelHealthRow, ProviderHealthRow } from '../../platform/database/health-rows.js';
import { isAvailable } from '../health-state.js';
import type { LastKnown, Remembered, RememberedOffer } from '../last-known.js';
import type { OfferHealth, ProviderHealth } from '../health-views.js';

@Injectable()
export class HealthRepository {
  constructor(private readonly database: DatabaseService) {}

  /** @throws DatabaseUnavailableError */
  async keep(providers: readonly ProviderHealth[], offers: readonly OfferHealth[]): Promise<void> {
    const [providerRows, modelRows] = [providers.map(providerRow), offers.map(modelRow)];
    await this.database.query({ table: 'provider_health', operation: 'keep_health' }, (client) =>
      client.rpc('keep_health', { providers: JSON.stringify(providerRows), models: JSON.stringify(modelRows) }),
    );
  }

  /** What was found since then. @throws DatabaseUnavailableError */
  async since(start: Date): Promise<LastKnown> {
    const from = start.toISOString();
    const providers = await this.database.query({ table: 'provider_health', operation: 'select' }, (client) =>
      client.from('provider_health').select('*').gt('last_check', from),
    );
    const offers = await this.database.query({ table: 'model_health', operation: 'select' }, (client) =>
      client.from('model_health').select('*').gt('last_check', from),
    );
    return {
      providers: new Map(providers.map((row) => [row.provider_id, rememberedProvider(row)])),
      offers: offers.map(rememberedOffer),
    };
  }
}

function providerRow(health: ProviderHealth): ProviderHealthRow {
  return {
    provider_id: health.providerId,
    status: health.status,
    last_check: new Date(health.checkedAt).toISOString(),
    error_count: health.faults,
    availability: health.isAvailable === undefined ? null : Number(health.isAvailable),
    error_rate: health.errorRate ?? null,
    latency: health.latencyP95Ms ?? null,
    score: health.score ?? null,
  };
}

function modelRow(health: OfferHealth): ModelHealthRow {
  return {
    model_id: health.modelId,
    provider_id: health.providerId,
    status: health.status,
    last_check: new Date(health.checkedAt).toISOString(),
    uptime_24h: health.uptime ?? null,
    error_rate: health.errorRate ?? null,
    avg_latency: health.latencyP50Ms ?? null,
  };
}

function rememberedProvider(row: ProviderHealthRow): Remembered {
  return {
    measured: {
      isAvailable: row.availability === null ? undefined : row.availability > 0,
      errorRate: row.error_rate ?? undefined,
      latencyP50Ms: undefined,
      latencyP95Ms: row.latency ?? undefined,
      score: row.score ?? undefined,
    },
    checkedAt: Date.parse(row.last_check),
  };
}

/** Of models only what is written down of them: how they failed, and how long they took. */
function rememberedOffer(row: ModelHealthRow): RememberedOffer {
  return {
    providerId: row.provider_id,
    modelId: row.model_id,
    measured: {
      isAvailable: row.error_rate === null ? undefined : isAvailable(row.error_rate),
      errorRate: row.error_rate ?? undefined,
      latencyP50Ms: row.avg_latency ?? undefined,
      latencyP95Ms: undefined,
      score: undefined,
    },
    checkedAt: Date.parse(row.last_check),
  };
}
