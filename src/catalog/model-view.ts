import { capabilitiesOf } from './capabilities.js';
import type { CatalogModel, Offer } from './catalog-model.js';
import { viewPrice, type PricingText } from './pricing-text.js';

/** A model as the catalogue's routes show it: OpenAI's members first, then ours. */
export interface ModelView {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
  readonly name: string;
  readonly context_length: number | null;
  readonly max_output_tokens: number | null;
  /** USD per token of the cheapest offer, as text. */
  readonly pricing: PricingText;
  readonly modalities: { readonly input: readonly string[]; readonly output: readonly string[] };
  /** What at least one offer can do. */
  readonly capabilities: readonly string[];
  /** Members of a chat request that at least one offer understands; none when nobody says. */
  readonly supported_parameters: readonly string[];
  readonly providers: readonly string[];
}

export interface OfferView {
  readonly provider: string;
  readonly native_id: string;
  readonly context_length: number | null;
  readonly max_output_tokens: number | null;
  readonly capabilities: readonly string[];
  /** Null when nobody says. */
  readonly supported_parameters: readonly string[] | null;
  readonly pricing: PricingText;
}

export function viewModel(model: CatalogModel): ModelView {
  const cheapest = cheapestOffer(model).price();
  return {
    id: model.id,
    object: 'model',
    created: model.created,
    owned_by: model.ownedBy,
    name: model.name,
    context_length: model.contextLength ?? null,
    max_output_tokens: model.maxOutputTokens ?? null,
    pricing: viewPrice(cheapest),
    modalities: model.modalities,
    capabilities: model.capabilities,
    supported_parameters: model.supportedParameters,
    providers: model.offers.map(({ connected }) => connected.provider.id),
  };
}

export function viewOffer(offer: Offer): OfferView {
  return {
    provider: offer.connected.provider.id,
    native_id: offer.nativeId,
    context_length: offer.contextLength ?? null,
    max_output_tokens: offer.maxOutputTokens ?? null,
    capabilities: capabilitiesOf(offer),
    supported_parameters: offer.supportedParameters ? [...offer.supportedParameters].sort() : null,
    pricing: viewPrice(offer.price()),
  };
}

/** USD per million input tokens, for filters. */
export function inputDollarsPerMillion(model: CatalogModel): number {
  return Number(cheapestOffer(model).price().input.base) / 1e6;
}

function cheapestOffer({ offers }: CatalogModel): Offer {
  const [first] = offers;
  return offers.reduce((best, offer) => (offer.price().input.base < best.price().input.base ? offer : best), first);
}
