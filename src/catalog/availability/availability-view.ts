import type { TrafficSnapshot } from '../../providers/traffic/offer-traffic.js';
import { viewMaintenance, type MaintenanceView } from '../maintenance/maintenance-view.js';
import {
  bestStatus,
  type ModelAvailability,
  type OfferAvailability,
  type Reason,
  type Status,
} from './offer-availability.js';

/** How a model fares at a provider, as callers see it. Null is unknown; rates are 0 to 1. */
export interface OfferAvailabilityView {
  readonly provider: string;
  readonly status: Status;
  readonly reason: Reason | null;
  readonly breaker: 'closed' | 'open' | 'half_open';
  /** ISO 8601: until then nothing is sent there. Null: it is, or nobody knows for how long it is not. */
  readonly unavailable_until: string | null;
  readonly maintenance: MaintenanceView | null;
  /** Of the last five minutes, as is the rest but for the uptime. */
  readonly attempts: number;
  readonly success_rate: number | null;
  readonly latency_p50_ms: number | null;
  readonly latency_p95_ms: number | null;
  readonly first_token_p50_ms: number | null;
  readonly tokens_per_second: number | null;
  readonly uptime_24h: number | null;
  readonly last_used_at: string | null;
}

export interface ModelAvailabilityView {
  readonly id: string;
  readonly object: 'model.availability';
  readonly status: Status;
  /** The best first. */
  readonly offers: readonly OfferAvailabilityView[];
}

const NEVER_ASKED: TrafficSnapshot = {
  attempts: 0,
  successRate: undefined,
  latencyP50Ms: undefined,
  latencyP95Ms: undefined,
  firstTokenP50Ms: undefined,
  firstTokenP95Ms: undefined,
  tokensPerSecond: undefined,
  uptime: undefined,
  lastAt: undefined,
};

export function viewModelAvailability({ model, offers }: ModelAvailability): ModelAvailabilityView {
  return {
    id: model.id,
    object: 'model.availability',
    status: bestStatus(offers),
    offers: offers.map(viewOfferAvailability),
  };
}

export function viewOfferAvailability(availability: OfferAvailability): OfferAvailabilityView {
  const { offer, status, reason, breaker, pausedUntil, maintenance, traffic } = availability;
  return {
    provider: offer.connected.provider.id,
    status,
    reason: reason ?? null,
    breaker: breaker?.state ?? 'closed',
    unavailable_until: time(maintenance ? maintenance.until : (pausedUntil ?? breaker?.openUntil)),
    maintenance: maintenance ? viewMaintenance(maintenance) : null,
    ...viewTraffic(traffic ?? NEVER_ASKED),
  };
}

function viewTraffic(traffic: TrafficSnapshot) {
  return {
    attempts: traffic.attempts,
    success_rate: rounded(traffic.successRate, 4),
    latency_p50_ms: rounded(traffic.latencyP50Ms, 1),
    latency_p95_ms: rounded(traffic.latencyP95Ms, 1),
    first_token_p50_ms: rounded(traffic.firstTokenP50Ms, 1),
    tokens_per_second: rounded(traffic.tokensPerSecond, 1),
    uptime_24h: rounded(traffic.uptime, 4),
    last_used_at: time(traffic.lastAt),
  };
}

function rounded(value: number | undefined, decimals: number): number | null {
  return value === undefined ? null : Number(value.toFixed(decimals));
}

function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
