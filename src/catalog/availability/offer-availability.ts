import type { BreakerView } from '../../providers/breaker/breaker-metrics.js';
import type { BreakerState } from '../../providers/breaker/circuit-breaker.js';
import type { TrafficSnapshot } from '../../providers/traffic/offer-traffic.js';
import type { CatalogModel, Offer } from '../catalog-model.js';
import type { MaintenanceWindow } from '../maintenance/maintenance-window.js';

/** From best to worst. What is unknown was not asked lately, and is as good as any. */
export const STATUSES = ['available', 'unknown', 'degraded', 'unavailable', 'maintenance'] as const;
export type Status = (typeof STATUSES)[number];

/** Why an offer is not simply available. */
export type Reason = 'maintenance' | 'switched_off' | 'breaker_open' | 'paused' | 'recovering' | 'failing';

/** What is known of an offer from elsewhere. */
export interface OfferFacts {
  readonly maintenance: MaintenanceWindow | undefined;
  /** Undefined when it hardly ever failed. */
  readonly breaker: BreakerView | undefined;
  /** The provider asked for rest until then; milliseconds since 1970. */
  readonly pausedUntil: number | undefined;
  /** Undefined when it was never asked. */
  readonly traffic: TrafficSnapshot | undefined;
}

/** How a model fares at a provider. */
export interface OfferAvailability extends OfferFacts {
  readonly offer: Offer;
  readonly status: Status;
  readonly reason: Reason | undefined;
}

/** A model, and how it fares at each of its providers, the best first. */
export interface ModelAvailability {
  readonly model: CatalogModel;
  readonly offers: readonly OfferAvailability[];
}

/** Less than that of the last attempts went well. */
const FAILING_BELOW = 0.9;

const STATUS_OF: Record<Reason, Status> = {
  maintenance: 'maintenance',
  switched_off: 'unavailable',
  breaker_open: 'unavailable',
  paused: 'unavailable',
  recovering: 'degraded',
  failing: 'degraded',
};

const REASON_OF: Record<BreakerState, Reason | undefined> = {
  closed: undefined,
  open: 'breaker_open',
  half_open: 'recovering',
};

export function judge(offer: Offer, facts: OfferFacts): OfferAvailability {
  const reason = whyNot(offer, facts);
  const isKnown = facts.traffic?.successRate !== undefined;
  return { ...facts, offer, reason, status: reason ? STATUS_OF[reason] : isKnown ? 'available' : 'unknown' };
}

function whyNot(offer: Offer, { maintenance, breaker, pausedUntil, traffic }: OfferFacts): Reason | undefined {
  if (maintenance) return 'maintenance';
  if (offer.weight === 0) return 'switched_off';
  if (pausedUntil !== undefined) return 'paused';
  const isFailing = (traffic?.successRate ?? 1) < FAILING_BELOW;
  return REASON_OF[breaker?.state ?? 'closed'] ?? (isFailing ? 'failing' : undefined);
}

export function isUsable({ status }: OfferAvailability): boolean {
  return status !== 'unavailable' && status !== 'maintenance';
}

/** The healthy ones first, then the cheap ones, then the fast ones. */
export function compare(a: OfferAvailability, b: OfferAvailability): number {
  return rank(a) - rank(b) || priceOf(a) - priceOf(b) || firstTokenMs(a) - firstTokenMs(b);
}

/** The one that is best off; a model is as available as that. */
export function bestStatus(offers: readonly OfferAvailability[]): Status {
  return STATUSES.find((status) => offers.some((offer) => offer.status === status)) ?? 'unavailable';
}

function rank({ status }: OfferAvailability): number {
  return STATUSES.indexOf(status === 'unknown' ? 'available' : status);
}

function priceOf({ offer }: OfferAvailability): number {
  const { input, output } = offer.price();
  return Number(input.base) + Number(output.base);
}

/** Those whose speed is unknown stand behind those that have shown theirs. */
function firstTokenMs({ traffic }: OfferAvailability): number {
  return traffic?.firstTokenP50Ms ?? Number.MAX_SAFE_INTEGER;
}
