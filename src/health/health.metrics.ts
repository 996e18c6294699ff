import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import type { OfferHealth, ProviderHealth } from './health-views.js';

/** How providers and models are, as all gateways see it; what is unknown is not shown. */
@Injectable()
export class HealthMetrics {
  private readonly availability;
  private readonly errorRate;
  private readonly score;
  private readonly uptime;

  constructor(registry: MetricsRegistry) {
    const ofProvider = (name: string, help: string) =>
      registry.gauge({ group: 'providers', name, help, labels: ['provider'] });
    this.availability = ofProvider('provider_availability', 'Whether a provider answers calls or probes.');
    this.errorRate = ofProvider(
      'provider_error_rate',
      'Part of the attempts that failed by the fault of the provider.',
    );
    this.score = ofProvider('gatewayz_provider_health_score', '0.4 availability, 0.3 success, 0.3 latency.');
    this.uptime = registry.gauge({
      group: 'models',
      name: 'gatewayz_model_uptime_24h',
      help: 'Of the attempts of the last 24 hours, the share that was answered.',
      labels: ['provider', 'model'],
    });
  }

  show(providers: readonly ProviderHealth[], offers: readonly OfferHealth[]): void {
    for (const gauge of [this.availability, this.errorRate, this.score, this.uptime]) gauge.reset();
    for (const { providerId: provider, isAvailable, errorRate, score } of providers) {
      if (isAvailable !== undefined) this.availability.set({ provider }, Number(isAvailable));
      if (errorRate !== undefined) this.errorRate.set({ provider }, errorRate);
      if (score !== undefined) this.score.set({ provider }, score);
    }
    for (const { providerId: provider, modelId: model, uptime } of offers)
      if (uptime !== undefined) this.uptime.set({ provider, model }, uptime);
  }
}
