import { Inject, Injectable } from '@nestjs/common';
import type { Topic } from '../platform/events/topic.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { ANOMALY_TYPES } from './anomalies/measures.js';
import { ANOMALIES, type ToldAnomaly } from './anomalies/told-anomaly.js';
import { SEVERITIES } from './anomalies/wording.js';

@Injectable()
export class AnomalyMetrics {
  constructor(registry: MetricsRegistry, @Inject(ANOMALIES) anomalies: Topic<ToldAnomaly>) {
    const detected = registry.counter({
      group: 'providers',
      name: 'gatewayz_detected_anomalies_total',
      help: 'Anomalies that were found, by the gateway that leads.',
      labels: ['type', 'severity'],
    });
    // Shown before there is one: a rule that looks for an increase needs something to increase.
    for (const type of ANOMALY_TYPES) for (const severity of SEVERITIES) detected.cell({ type, severity });
    anomalies.listen(({ event, anomaly: { type, severity } }) => {
      if (event === 'begin') detected.cell({ type, severity }).add();
    });
  }
}
