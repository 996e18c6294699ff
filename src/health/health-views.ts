import type { HealthState } from './health-state.js';

export interface ProviderHealth extends HealthState {
  readonly providerId: string;
  readonly name: string;
  /** How many of its models are cut off by a circuit breaker. */
  readonly openBreakers: number;
  /** From so many gateways; one knows only what it saw itself. */
  readonly gateways: number;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
}

/** How a model is at one of its providers. */
export interface OfferHealth extends HealthState {
  readonly modelId: string;
  readonly providerId: string;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
}

export interface ModelHealth {
  readonly modelId: string;
  readonly status: HealthState['status'];
  readonly offers: readonly OfferHealth[];
  readonly gateways: number;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
}

/** As callers see it. Null is unknown; rates are 0 to 1. */
export function viewProvider(health: ProviderHealth): object {
  return {
    id: health.providerId,
    object: 'provider.health',
    name: health.name,
    ...viewState(health),
    open_circuit_breakers: health.openBreakers,
    gateways: health.gateways,
    last_check: new Date(health.checkedAt).toISOString(),
  };
}

export function viewModel({ modelId, status, offers, gateways, checkedAt }: ModelHealth): object {
  return {
    id: modelId,
    object: 'model.health',
    status,
    offers: offers.map((offer) => ({ provider: offer.providerId, ...viewState(offer) })),
    gateways,
    last_check: new Date(checkedAt).toISOString(),
  };
}

function viewState(state: HealthState): object {
  return {
    status: state.status,
    availability: state.isAvailable === undefined ? null : Number(state.isAvailable),
    error_rate: rounded(state.errorRate, 4),
    latency_p50_ms: rounded(state.latencyP50Ms, 1),
    latency_p95_ms: rounded(state.latencyP95Ms, 1),
    health_score: rounded(state.score, 4),
    uptime_24h: rounded(state.uptime, 4),
    attempts: state.attempts,
    faults: state.faults,
    source: state.source,
  };
}

function rounded(value: number | undefined, decimals: number): number | null {
  return value === undefined ? null : Number(value.toFixed(decimals));
}
