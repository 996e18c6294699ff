import { Injectable } from '@nestjs/common';
import type { CatalogModel } from '../../catalog/catalog-model.js';
import { CatalogService } from '../../catalog/services/catalog.service.js';
import { MaintenanceService } from '../../catalog/services/maintenance.service.js';
import type { OfferTally } from '../../providers/services/traffic.service.js';
import type { LatencyGoal } from '../health-score.js';
import { judgeHealth, type HealthState, type HealthStatus } from '../health-state.js';
import type { ModelHealth, OfferHealth } from '../health-views.js';

/** The best first: a model is as well as its best offer. */
const FROM_BEST: readonly HealthStatus[] = ['healthy', 'degraded', 'unknown', 'unhealthy', 'maintenance'];
const NOBODY_ASKED: HealthState = {
  status: 'unknown',
  isAvailable: undefined,
  errorRate: undefined,
  latencyP50Ms: undefined,
  latencyP95Ms: undefined,
  score: undefined,
  uptime: undefined,
  attempts: 0,
  faults: 0,
  isFromProbes: false,
};

/** How models are at their providers. */
@Injectable()
export class ModelHealthService {
  private known: ReadonlyMap<string, OfferHealth> = new Map();
  private checkedAt = Date.now();

  constructor(
    private readonly catalog: CatalogService,
    private readonly maintenance: MaintenanceService,
  ) {}

  /** Every model of the catalogue. */
  all(): ModelHealth[] {
    return this.catalog.all().map((model) => this.describe(model));
  }

  /** Those that somebody asked for within a day. */
  asked(): ModelHealth[] {
    const ids = new Set([...this.known.values()].map(({ modelId }) => modelId));
    return this.all().filter(({ modelId }) => ids.has(modelId));
  }

  /** @throws ModelNotFoundError */
  of(name: string): ModelHealth {
    return this.describe(this.catalog.resolve(name));
  }

  /** Takes over what all gateways know now. */
  judge(tallies: readonly OfferTally[], goal: LatencyGoal): OfferHealth[] {
    const byOffer = Map.groupBy(tallies, ({ providerId, modelId }) => `${providerId} ${modelId}`);
    const offers = [...byOffer.values()].flatMap((group) => {
      const [{ providerId, modelId } = { providerId: '', modelId: '' }] = group;
      const isInMaintenance = this.maintenance.at(providerId, modelId) !== undefined;
      const facts = { tallies: group.map(({ tally }) => tally), probes: [], isInMaintenance };
      return { ...judgeHealth(facts, goal), providerId, modelId };
    });
    this.known = new Map(offers.map((offer) => [`${offer.providerId} ${offer.modelId}`, offer]));
    this.checkedAt = Date.now();
    return offers;
  }

  private describe({ id: modelId, offers: served }: CatalogModel): ModelHealth {
    const offers = served.map(({ connected }) => this.offer(connected.provider.id, modelId));
    const status = FROM_BEST.find((one) => offers.some((offer) => offer.status === one)) ?? 'unknown';
    return { modelId, status, offers, checkedAt: this.checkedAt };
  }

  private offer(providerId: string, modelId: string): OfferHealth {
    const isInMaintenance = this.maintenance.at(providerId, modelId) !== undefined;
    const status = isInMaintenance ? 'maintenance' : 'unknown';
    return this.known.get(`${providerId} ${modelId}`) ?? { ...NOBODY_ASKED, status, providerId, modelId };
  }
}
