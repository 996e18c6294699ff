import type { ConnectedProvider } from '../providers/connected-provider.js';
import type { DiscoveredModel } from '../providers/dialect.js';
import type { LlmProvider } from '../providers/llm-provider.js';
import type { CatalogModel, Offer } from './catalog-model.js';
import { describeModel, listedModels, priceOf, type ListedModel } from './price-list.js';
import type { Price } from './price.js';

/** What a provider's own list said, by provider id. */
export type Discoveries = ReadonlyMap<string, readonly DiscoveredModel[]>;

/** The whole catalogue at one moment. It is never changed, only replaced. */
export interface CatalogSnapshot {
  /** By canonical id, in alphabetical order. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  /** Bare names that mean exactly one model. */
  readonly aliases: ReadonlyMap<string, string>;
}

interface Entry extends ListedModel {
  readonly created: number | undefined;
}

/** Prices that depend on the time change at full minutes. */
const PRICE_AGE_MS = 60_000;

/** Builds the catalogue from the price lists and from what the providers themselves offer. A model without a price is left out. */
export function buildSnapshot(providers: readonly ConnectedProvider[], discoveries: Discoveries): CatalogSnapshot {
  const models = new Map<string, CatalogModel>();
  for (const connected of providers) {
    for (const entry of entriesOf(connected.provider, discoveries.get(connected.provider.id))) {
      const offer = offerOf(connected, entry);
      if (offer) addOffer(models, offer, entry);
    }
  }
  const sorted = new Map([...models].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { models: sorted, aliases: bareNames(sorted, providers) };
}

/** The list of the provider itself decides, once it is known; the price list is what we start with. */
function entriesOf(provider: LlmProvider, discovered: readonly DiscoveredModel[] | undefined): Entry[] {
  if (!discovered) return listedModels(provider).map((model) => ({ ...model, created: undefined }));
  return discovered.map((model) => {
    const listed = describeModel(provider, model.nativeId);
    return { ...listed, contextLength: model.contextLength ?? listed.contextLength, created: model.created };
  });
}

function offerOf(connected: ConnectedProvider, { nativeId, contextLength }: Entry): Offer | undefined {
  const { provider } = connected;
  const known = priceOf(provider, nativeId, new Date());
  if (!known) return undefined;
  let price = known;
  let readAt = Date.now();
  const current = (): Price => {
    const now = Date.now();
    if (Math.floor(now / PRICE_AGE_MS) !== Math.floor(readAt / PRICE_AGE_MS)) {
      price = priceOf(provider, nativeId, new Date(now)) ?? price;
      readAt = now;
    }
    return price;
  };
  return {
    connected,
    nativeId,
    contextLength,
    maxOutputTokens: undefined,
    inputModalities: undefined,
    supportedParameters: undefined,
    weight: 1,
    priority: 0,
    price: current,
  };
}

function addOffer(models: Map<string, CatalogModel>, offer: Offer, entry: Entry): void {
  for (const id of canonicalIds(offer.connected.provider, entry.nativeId)) {
    const known = models.get(id);
    models.set(id, known ? { ...known, offers: [...known.offers, offer] } : newModel(id, offer, entry));
  }
}

function newModel(id: string, offer: Offer, entry: Entry): CatalogModel {
  const { name = id, created = 0, contextLength, modalities, isGenerative } = entry;
  const slash = id.indexOf('/');
  const ownedBy = slash > 0 ? id.slice(0, slash) : offer.connected.provider.id;
  return { id, name, ownedBy, created, contextLength, modalities, isGenerative, offers: [offer] };
}

function canonicalIds(provider: LlmProvider, nativeId: string): readonly string[] {
  const { modelPrefix = provider.id, nativeIdPrefix = '', offeredModels } = provider;
  const named = offeredModels?.[nativeId];
  if (named) return named;
  const own = nativeId.startsWith(nativeIdPrefix) ? nativeId.slice(nativeIdPrefix.length) : nativeId;
  return [modelPrefix === '' ? own : `${modelPrefix}/${own}`];
}

/** `gpt-5` for `openai/gpt-5`: a maker's own names first, then names that only one model has. Never a guess. */
function bareNames(
  models: ReadonlyMap<string, CatalogModel>,
  providers: readonly ConnectedProvider[],
): Map<string, string> {
  const makers = new Set(providers.filter(({ provider }) => provider.isAuthor).map(({ provider }) => provider.id));
  const owners = new Map<string, CatalogModel[]>();
  for (const model of models.values()) {
    const bare = model.id.slice(model.id.indexOf('/') + 1);
    if (!models.has(bare)) owners.set(bare, [...(owners.get(bare) ?? []), model]);
  }
  const aliases = new Map<string, string>();
  for (const [bare, candidates] of owners) {
    const made = candidates.filter(({ ownedBy }) => makers.has(ownedBy));
    const [only, another] = made.length > 0 ? made : candidates;
    if (only && !another) aliases.set(bare, only.id);
  }
  return aliases;
}
