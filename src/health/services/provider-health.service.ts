import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { MaintenanceService } from '../../catalog/services/maintenance.service.js';
import { ENV, type Env } from '../../config/env.js';
import { CircuitBreakerService } from '../../providers/services/circuit-breaker.service.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { NOTHING_KNOWN, type MergedReports } from '../health-report.js';
import type { LatencyGoal } from '../health-score.js';
import { judgeHealth, type HealthState } from '../health-state.js';
import type { OfferHealth, ProviderHealth } from '../health-views.js';
import { NOTHING_REMEMBERED, checkedAt, stillWorth, type LastKnown } from '../last-known.js';
import { HealthMetrics } from '../health.metrics.js';
import { ModelHealthService } from './model-health.service.js';

/** How providers are, as far as all gateways know together. In memory. */
@Injectable()
export class ProviderHealthService implements OnApplicationBootstrap {
  private known: ReadonlyMap<string, ProviderHealth> = new Map();
  private reports = NOTHING_KNOWN;
  private lastKnown = NOTHING_REMEMBERED;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly registry: ProviderRegistryService,
    private readonly breakers: CircuitBreakerService,
    private readonly maintenance: MaintenanceService,
    private readonly models: ModelHealthService,
    private readonly metrics: HealthMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.judge(NOTHING_KNOWN);
  }

  /** Of every provider that is set up, in alphabetical order. */
  all(): ProviderHealth[] {
    return [...this.known.values()];
  }

  of(providerId: string): ProviderHealth | undefined {
    return this.known.get(providerId);
  }

  /** Takes over what was known before this gateway began; it counts where nothing newer is known. */
  remember(lastKnown: LastKnown): void {
    this.lastKnown = lastKnown;
    this.judge(this.reports);
  }

  /** Takes over what is known now; how the models are that were asked. */
  judge(reports: MergedReports): OfferHealth[] {
    this.reports = reports;
    this.lastKnown = stillWorth(this.lastKnown, Date.now());
    const goal = { targetMs: this.env.HEALTH_LATENCY_TARGET_MS, limitMs: this.env.HEALTH_LATENCY_LIMIT_MS };
    const open = this.breakers.all().filter(({ state }) => state === 'open');
    const providers = this.registry
      .enabled()
      .map(({ provider: { id: providerId, name } }) => ({
        ...this.judgeOne(providerId, goal),
        providerId,
        name,
        openBreakers: open.filter((breaker) => breaker.providerId === providerId).length,
        gateways: reports.gateways,
      }))
      .sort((a, b) => (a.providerId < b.providerId ? -1 : 1));
    const offers = this.models.judge({ ...reports, remembered: this.lastKnown.offers }, goal);
    this.known = new Map(providers.map((health) => [health.providerId, health]));
    this.metrics.show(providers, offers);
    return offers;
  }

  private judgeOne(id: string, goal: LatencyGoal): HealthState & { checkedAt: number } {
    const { offers, probes } = this.reports;
    const remembered = this.lastKnown.providers.get(id);
    const facts = {
      tallies: offers.filter(({ providerId }) => providerId === id).map(({ tally }) => tally),
      probes: probes.filter(({ providerId }) => providerId === id),
      isInMaintenance: this.maintenance.ofProvider(id),
      remembered: remembered?.measured,
    };
    const state = judgeHealth(facts, goal);
    return { ...state, checkedAt: checkedAt(state, remembered) };
  }
}
