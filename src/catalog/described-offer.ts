import type { ConnectedProvider } from '../providers/connected-provider.js';
import type { LlmProvider } from '../providers/llm-provider.js';
import { withCapabilities, withSynonyms, type Abilities } from './capabilities.js';
import type { Offer } from './catalog-model.js';
import type { Entry } from './offer-entries.js';
import type { OfferOverride, ProviderSetting } from './overrides/overrides.js';
import { priceOf } from './price-list.js';
import type { Price } from './price.js';

/** Whether calls may go to an offer, and if not, why. */
export type OfferStatus = 'active' | 'inactive' | 'provider_disabled' | 'unpriced';

/** An offer as the lists and administrators describe it, whether calls may go there or not. */
export interface DescribedOffer extends Omit<Offer, 'price'> {
  readonly entry: Entry;
  readonly override: OfferOverride | undefined;
  readonly status: OfferStatus;
  /** Undefined when nobody knows it: then it is not offered. */
  readonly price: Offer['price'] | undefined;
}

/** Where an offer comes from. */
export interface OfferSource {
  readonly connected: ConnectedProvider;
  readonly setting: ProviderSetting;
  readonly override: OfferOverride | undefined;
}

/** Prices that depend on the time change at full minutes. */
const PRICE_AGE_MS = 60_000;

/** Puts together what the lists say and what an administrator says, who has the last word. */
export function describeOffer(entry: Entry, { connected, setting, override }: OfferSource): DescribedOffer {
  const { facts, nativeId } = entry;
  const price = currentPrice(connected.provider, entry, override);
  return {
    entry,
    override,
    connected,
    nativeId: override?.nativeId ?? nativeId,
    contextLength: override?.contextLength ?? facts.contextLength,
    maxOutputTokens: override?.maxOutputTokens ?? facts.maxOutputTokens,
    ...abilitiesOf(connected.provider, entry, override),
    weight: override?.weight ?? 1,
    priority: setting.priority,
    price,
    status: statusOf(setting, override, price !== undefined),
  };
}

/** The offer, if calls may go there. */
export function activeOffer({ status, price, ...offer }: DescribedOffer): Offer | undefined {
  if (status !== 'active' || !price) return undefined;
  const { connected, nativeId, contextLength, maxOutputTokens, weight, priority } = offer;
  const { inputModalities, supportedParameters } = offer;
  return {
    connected,
    nativeId,
    contextLength,
    maxOutputTokens,
    inputModalities,
    supportedParameters,
    weight,
    priority,
    price,
  };
}

function statusOf(setting: ProviderSetting, override: OfferOverride | undefined, isPriced: boolean): OfferStatus {
  if (!setting.isEnabled) return 'provider_disabled';
  if (override?.isActive === false) return 'inactive';
  return isPriced ? 'active' : 'unpriced';
}

/** Members that would not reach the provider are none that it understands, whatever the lists say. */
function abilitiesOf(provider: LlmProvider, { facts }: Entry, override: OfferOverride | undefined): Abilities {
  const { inputModalities: inputs, supportedParameters: parameters } = facts;
  const dropped = (name: string): boolean => provider.dialect.dropped({ [name]: true }, provider).includes(name);
  const known: Abilities = {
    inputModalities: inputs && new Set(inputs),
    supportedParameters: parameters && new Set([...withSynonyms(parameters)].filter((name) => !dropped(name))),
  };
  return override?.capabilities ? withCapabilities(known, override.capabilities) : known;
}

function currentPrice(
  provider: LlmProvider,
  { nativeId, facts }: Entry,
  override: OfferOverride | undefined,
): Offer['price'] | undefined {
  const fixed = override?.price;
  if (fixed) return () => fixed;
  const { price: listed } = facts;
  return livePrice(provider, nativeId) ?? (listed && (() => listed));
}

function livePrice(provider: LlmProvider, nativeId: string): Offer['price'] | undefined {
  const known = priceOf(provider, nativeId, new Date());
  if (!known) return undefined;
  let price = known;
  let readAt = Date.now();
  return (): Price => {
    const now = Date.now();
    if (Math.floor(now / PRICE_AGE_MS) !== Math.floor(readAt / PRICE_AGE_MS)) {
      price = priceOf(provider, nativeId, new Date(now)) ?? price;
      readAt = now;
    }
    return price;
  };
}
