import type { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { BREAKER_STATES, type BreakerState } from './circuit-breaker.js';

/** A breaker as metrics and administrators see it. */
export interface BreakerView {
  readonly providerId: string;
  readonly modelId: string;
  readonly state: BreakerState;
  /** Milliseconds since 1970 until which it lets nothing through; undefined when it does. */
  readonly openUntil: number | undefined;
}

export type BreakerMetrics = ReturnType<typeof defineBreakerMetrics>;

/** The definitions; names and labels are a contract with dashboards. */
export function defineBreakerMetrics(registry: MetricsRegistry, all: () => readonly BreakerView[]) {
  registry.gauge({
    group: 'providers',
    name: 'gatewayz_circuit_breaker_state',
    help: 'Which of its states a circuit breaker is in.',
    labels: ['provider', 'model', 'state'],
    collect: (gauge) => {
      gauge.reset();
      for (const { providerId: provider, modelId: model, state } of all())
        for (const each of BREAKER_STATES) gauge.set({ provider, model, state: each }, each === state ? 1 : 0);
    },
  });
  const counter = (name: string, help: string) =>
    registry.counter({ group: 'providers', name, help, labels: ['provider'] });
  return {
    transitions: registry.counter({
      group: 'providers',
      name: 'circuit_breaker_state_transitions_total',
      help: 'Changes of state of circuit breakers.',
      labels: ['provider', 'from_state', 'to_state'],
    }),
    failures: counter('circuit_breaker_failures_total', 'Attempts that failed by the fault of the provider.'),
    successes: counter('circuit_breaker_successes_total', 'Attempts that the provider answered.'),
    rejections: counter(
      'circuit_breaker_rejected_requests_total',
      'Attempts that were not made since a breaker was open.',
    ),
  };
}
