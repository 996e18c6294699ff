import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { CircuitBreakerService } from '../../providers/services/circuit-breaker.service.js';
import { TrafficService } from '../../providers/services/traffic.service.js';
import {
  compare,
  isUsable,
  judge,
  type ModelAvailability,
  type OfferAvailability,
} from '../availability/offer-availability.js';
import type { CatalogModel, Offer } from '../catalog-model.js';
import { CatalogService } from './catalog.service.js';
import { MaintenanceService } from './maintenance.service.js';

export class NothingAvailableError extends GatewayError {
  override readonly name = 'NothingAvailableError';
  readonly kind = 'no_provider';
  readonly code = 'no_provider_available';

  constructor(modelId: string) {
    super(`No provider of ${modelId} is available at the moment.`);
  }
}

/** A model that can be had at the moment. */
export interface UsableModel {
  readonly model: CatalogModel;
  readonly best: OfferAvailability;
  /** Who stands behind the best, the next one first. */
  readonly others: readonly OfferAvailability[];
}

/** How models fare at their providers, as real traffic tells. All in memory. */
@Injectable()
export class AvailabilityService {
  constructor(
    private readonly catalog: CatalogService,
    private readonly breakers: CircuitBreakerService,
    private readonly traffic: TrafficService,
    private readonly maintenance: MaintenanceService,
  ) {}

  all(): ModelAvailability[] {
    return this.catalog.all().map((model) => this.describe(model));
  }

  /** @throws ModelNotFoundError */
  of(name: string): ModelAvailability {
    return this.describe(this.catalog.resolve(name));
  }

  /**
   * Who may be asked for it now.
   * @throws ModelNotFoundError, NothingAvailableError
   */
  usable(name: string): UsableModel {
    const { model, offers } = this.of(name);
    const [best, ...others] = offers.filter(isUsable);
    if (!best) throw new NothingAvailableError(model.id);
    return { model, best, others };
  }

  private describe(model: CatalogModel): ModelAvailability {
    return { model, offers: model.offers.map((offer) => this.judge(model, offer)).sort(compare) };
  }

  private judge({ id }: CatalogModel, offer: Offer): OfferAvailability {
    const providerId = offer.connected.provider.id;
    return judge(offer, {
      maintenance: this.maintenance.at(providerId, id),
      breaker: this.breakers.view(providerId, id),
      pausedUntil: this.breakers.pausedUntil(providerId, id),
      traffic: this.traffic.of(providerId, id),
    });
  }
}
