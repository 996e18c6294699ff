import type { CatalogModel, Offer } from './catalog-model.js';
import { dollarsPerToken, type Price } from './price.js';

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
  readonly pricing: Readonly<Record<string, string>>;
  readonly modalities: { readonly input: readonly string[]; readonly output: readonly string[] };
  readonly capabilities: readonly string[];
  readonly providers: readonly string[];
}

export interface OfferView {
  readonly provider: string;
  readonly native_id: string;
  readonly context_length: number | null;
  readonly pricing: Readonly<Record<string, string>>;
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
    max_output_tokens: null,
    pricing: viewPrice(cheapest),
    modalities: model.modalities,
    capabilities: model.isGenerative ? ['chat', 'streaming'] : [],
    providers: model.offers.map(({ connected }) => connected.provider.id),
  };
}

export function viewOffer(offer: Offer): OfferView {
  return {
    provider: offer.connected.provider.id,
    native_id: offer.nativeId,
    context_length: offer.contextLength ?? null,
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

function viewPrice(price: Price): Record<string, string> {
  return {
    prompt: dollarsPerToken(price.input),
    completion: dollarsPerToken(price.output),
    input_cache_read: dollarsPerToken(price.cacheRead),
    input_cache_write: dollarsPerToken(price.cacheWrite),
    internal_reasoning: dollarsPerToken(price.reasoning),
  };
}
