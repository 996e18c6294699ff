import { offerKey } from '../../providers/offer-key.js';
import type { CatalogModel, Offer } from '../../catalog/catalog-model.js';

/** One way to answer a call: a model that the caller accepts, at one provider. */
export interface Candidate {
  readonly model: CatalogModel;
  readonly offer: Offer;
  /** Asked with a key of the caller's own: the provider bills the caller, not us. */
  readonly isOwn?: true | undefined;
}

/** How an offer stands at the moment, from real traffic. What is unknown is never held against it. */
export interface OfferStanding {
  readonly isInMaintenance: boolean;
  readonly breaker: 'closed' | 'open' | 'half_open';
  /** The provider asked us to wait, or our account there has troubles. */
  readonly isPaused: boolean;
  /** 0 to 1. */
  readonly successRate: number | undefined;
  /** Milliseconds until the first token; the median. */
  readonly firstTokenMs: number | undefined;
  readonly tokensPerSecond: number | undefined;
  /** Calls that are running there now. */
  readonly load: number;
}

export function offersOf(candidates: readonly Candidate[]): Offer[] {
  return candidates.map(({ offer }) => offer);
}

export function offerKeyOf({ model, offer }: Candidate): string {
  return offerKey(offer.connected.provider.id, model.id);
}

export function providerIdOf({ offer }: Pick<Candidate, 'offer'>): string {
  return offer.connected.provider.id;
}
