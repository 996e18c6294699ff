import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { ANOMALY_TYPES } from './anomalies/measures.js';
import { SEVERITIES } from './anomalies/wording.js';

@Injectable()
export class AnomalyMetrics {
  private readonly detected;

  constructor(registry: MetricsRegistry) {
    this.detected = registry.counter({
      group: 'providers',
      name: 'gatewayz_detected_anomalies_total',
      help: 'Anomalies that were found, by the gateway that leads.',
      labels: ['type', 'severity'],
    });
    // Shown before there is one: a rule that looks for an increase needs something to increase.
    for (const type of ANOMALY_TYPES) for (const severity of SEVERITIES) this.detected.cell({ type, severity });
  }

  found(type: string, severity: string): void {
    this.detected.cell({ type, severity }).add();
  }
}
