import type { Offer } from '../../catalog/catalog-model.js';
import type { Price, TokenPrice } from '../../catalog/price.js';
import type { ConnectedProvider } from '../../providers/connected-provider.js';
import type { Candidate } from './candidate.js';

/** The candidate as the caller's own key reaches it, at our fee instead of the provider's price. */
export function withOwnKey(candidate: Candidate, connected: ConnectedProvider, feePercent: number): Candidate {
  const { offer } = candidate;
  const own: Offer = { ...offer, connected, price: () => feeOf(offer.price(), BigInt(feePercent)) };
  return { ...candidate, offer: own, isOwn: true };
}

function feeOf(price: Price, percent: bigint): Price {
  return {
    input: share(price.input, percent),
    cacheRead: share(price.cacheRead, percent),
    cacheWrite: share(price.cacheWrite, percent),
    cacheWriteHour: share(price.cacheWriteHour, percent),
    output: share(price.output, percent),
    reasoning: share(price.reasoning, percent),
    audioInput: share(price.audioInput, percent),
    audioOutput: share(price.audioOutput, percent),
  };
}

function share({ base, tiers }: TokenPrice, percent: bigint): TokenPrice {
  return {
    base: percentOf(base, percent),
    tiers: tiers.map(({ above, price }) => ({ above, price: percentOf(price, percent) })),
  };
}

/** A part of a pico-dollar counts as a whole one. */
function percentOf(amount: bigint, percent: bigint): bigint {
  return (amount * percent + 99n) / 100n;
}
