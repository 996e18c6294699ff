import { Injectable } from '@nestjs/common';
import type { AccountFigureRow } from '../platform/database/database-rows.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';

/** How many keys, users and credits there are. The gateway that leads tells it for all, so that sums are right. */
@Injectable()
export class AccountMetrics {
  private readonly gauges;

  constructor(registry: MetricsRegistry) {
    const byPlan = (name: string, help: string) =>
      registry.gauge({ group: 'business', name, help, labels: ['plan_type'] });
    this.gauges = {
      keys: registry.gauge({
        group: 'business',
        name: 'active_api_keys',
        help: 'API keys, by whether they work. Only the gateway that leads tells it.',
        labels: ['status'],
      }),
      users: byPlan('user_subscription_count', 'Users, by how they pay. Only the gateway that leads tells it.'),
      credits: byPlan('user_credit_balance', 'USD that users hold. Only the gateway that leads tells it.'),
    };
  }

  show(figures: readonly AccountFigureRow[]): void {
    this.clear();
    for (const { figure, label, amount } of figures) {
      if (figure === 'keys') this.gauges.keys.set({ status: label }, Number(amount));
      else this.gauges[figure].set({ plan_type: label }, Number(amount));
    }
  }

  /** Another gateway tells it now. */
  clear(): void {
    for (const gauge of Object.values(this.gauges)) gauge.reset();
  }
}
