import { Injectable } from '@nestjs/common';
import type { CatalogModel } from '../../catalog/catalog-model.js';
import { CatalogService } from '../../catalog/services/catalog.service.js';
import { MaintenanceService } from '../../catalog/services/maintenance.service.js';
import { offerKey } from '../../providers/offer-key.js';
import { TrafficService, type OfferTally } from '../../providers/services/traffic.service.js';
import type { LatencyGoal } from '../health-score.js';
import { judgeHealth, type HealthState, type HealthStatus } from '../health-state.js';
import { checkedAt, type RememberedOffer } from '../last-known.js';
import type { ModelHealth, OfferHealth } from '../health-views.js';

/** What is known of models at their providers. */
interface OfferFacts {
  readonly gateways: number;
  readonly offers: readonly OfferTally[];
  readonly remembered: readonly RememberedOffer[];
}

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
  source: 'traffic',
};

/** How models are at their providers. */
@Injectable()
export class ModelHealthService {
  private known: ReadonlyMap<string, OfferHealth> = new Map();
  private gateways = 1;
  private checkedAt = Date.now();

  constructor(
    private readonly catalog: CatalogService,
    private readonly maintenance: MaintenanceService,
    private readonly traffic: TrafficService,
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

  /** Takes over what all gateways know now, and what is remembered. */
  judge({ gateways, offers: tallies, remembered }: OfferFacts, goal: LatencyGoal): OfferHealth[] {
    const byOffer = Map.groupBy(tallies, (one) => offerKey(one.providerId, one.modelId));
    const lastKnown = new Map(remembered.map((one) => [offerKey(one.providerId, one.modelId), one]));
    const named = new Map([...remembered, ...tallies].map((one) => [offerKey(one.providerId, one.modelId), one]));
    const offers = [...named].map(([key, { providerId, modelId }]) => {
      const before = lastKnown.get(key);
      const facts = {
        tallies: byOffer.get(key)?.map(({ tally }) => tally) ?? [],
        probes: [],
        isInMaintenance: this.maintenance.at(providerId, modelId) !== undefined,
        remembered: before?.measured,
      };
      const state = judgeHealth(facts, goal);
      return { ...state, providerId, modelId, checkedAt: checkedAt(state, before) };
    });
    this.known = new Map(offers.map((offer) => [offerKey(offer.providerId, offer.modelId), offer]));
    this.gateways = gateways;
    this.checkedAt = Date.now();
    this.traffic.hear(offers);
    return offers;
  }

  private describe({ id: modelId, offers: served }: CatalogModel): ModelHealth {
    const offers = served.map(({ connected }) => this.offer(connected.provider.id, modelId));
    const status = FROM_BEST.find((one) => offers.some((offer) => offer.status === one)) ?? 'unknown';
    const newest = offers.reduce((latest, offer) => Math.max(latest, offer.checkedAt), 0);
    return { modelId, status, offers, gateways: this.gateways, checkedAt: newest || this.checkedAt };
  }

  private offer(providerId: string, modelId: string): OfferHealth {
    const isInMaintenance = this.maintenance.at(providerId, modelId) !== undefined;
    const status: HealthStatus = isInMaintenance ? 'maintenance' : 'unknown';
    const unknown = { ...NOBODY_ASKED, status, providerId, modelId, checkedAt: this.checkedAt };
    return this.known.get(offerKey(providerId, modelId)) ?? unknown;
  }
}
