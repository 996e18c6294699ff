import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { MaintenanceService } from '../../catalog/services/maintenance.service.js';
import { ENV, type Env } from '../../config/env.js';
import { CircuitBreakerService } from '../../providers/services/circuit-breaker.service.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { NOTHING_KNOWN, type MergedReports } from '../health-report.js';
import { judgeHealth } from '../health-state.js';
import type { OfferHealth, ProviderHealth } from '../health-views.js';
import { HealthMetrics } from '../health.metrics.js';
import { ModelHealthService } from './model-health.service.js';

/** How providers are, as far as all gateways know together. In memory. */
@Injectable()
export class ProviderHealthService implements OnApplicationBootstrap {
  private known: ReadonlyMap<string, ProviderHealth> = new Map();

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

  /** Takes over what is known now; how the models are that were asked. */
  judge(reports: MergedReports): OfferHealth[] {
    const goal = { targetMs: this.env.HEALTH_LATENCY_TARGET_MS, limitMs: this.env.HEALTH_LATENCY_LIMIT_MS };
    const open = this.breakers.all().filter(({ state }) => state === 'open');
    const providers = this.registry
      .enabled()
      .map(({ provider: { id: providerId, name } }) => ({
        ...judgeHealth(this.factsOf(providerId, reports), goal),
        providerId,
        name,
        openBreakers: open.filter((breaker) => breaker.providerId === providerId).length,
        checkedAt: Date.now(),
      }))
      .sort((a, b) => (a.providerId < b.providerId ? -1 : 1));
    const offers = this.models.judge(reports.offers, goal);
    this.known = new Map(providers.map((health) => [health.providerId, health]));
    this.metrics.show(providers, offers);
    return offers;
  }

  private factsOf(id: string, { offers, probes }: MergedReports) {
    return {
      tallies: offers.filter(({ providerId }) => providerId === id).map(({ tally }) => tally),
      probes: probes.filter(({ providerId }) => providerId === id),
      isInMaintenance: this.maintenance.ofProvider(id),
    };
  }
}
