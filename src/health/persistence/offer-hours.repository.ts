import { Injectable } from '@nestjs/common';
import type { OfferCountRow } from '../../platform/database/health-rows.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { OfferCount } from '../../providers/traffic/offer-count.js';

/** How often offers were asked and answered, hour by hour. */
@Injectable()
export class OfferHoursRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Adds what is new; what all gateways counted within a day. @throws DatabaseUnavailableError */
  async add(fresh: readonly OfferCount[]): Promise<OfferCount[]> {
    const counts = JSON.stringify(fresh.map(rowOf));
    const day = await this.database.query({ table: 'offer_hours', operation: 'count_attempts' }, (client) =>
      client.rpc('count_attempts', { counts }),
    );
    return (JSON.parse(day) as OfferCountRow[]).map(countOf);
  }
}

function rowOf({ providerId, modelId, attempts, answered }: OfferCount): OfferCountRow {
  return { provider_id: providerId, model_id: modelId, attempts, answered };
}

function countOf({ provider_id, model_id, attempts, answered }: OfferCountRow): OfferCount {
  return { providerId: provider_id, modelId: model_id, attempts, answered };
}
