import type { ConnectedProvider } from '../providers/connected-provider.js';
import type { DiscoveredModel } from '../providers/dialect.js';
import type { CatalogModel, Offer } from './catalog-model.js';
import { activeOffer, describeOffer, type DescribedOffer } from './described-offer.js';
import { largest } from './model-facts.js';
import { bareNames, redirects } from './model-names.js';
import { entriesOf, unlistedEntry, type Entry } from './offer-entries.js';
import { NO_OVERRIDES, UNTOUCHED_PROVIDER, type OfferOverride, type Overrides } from './overrides/overrides.js';
import { NO_LISTS, type PublicLists } from './public-lists/public-lists.js';

/** All that is known beside the providers' own data. */
export interface Knowledge {
  /** What a provider's own list said, by provider id. */
  readonly discoveries: ReadonlyMap<string, readonly DiscoveredModel[]>;
  readonly lists: PublicLists;
  readonly overrides: Overrides;
}

export const NO_KNOWLEDGE: Knowledge = { discoveries: new Map(), lists: NO_LISTS, overrides: NO_OVERRIDES };

/** The whole catalogue at one moment. It is never changed, only replaced. */
export interface CatalogSnapshot {
  /** By canonical id, in alphabetical order. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  /** Bare names that mean exactly one model. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Names that mean no model any more, and the canonical id of the one that answers instead. */
  readonly redirects: ReadonlyMap<string, string>;
  /** Every offer, by canonical id, in alphabetical order: also those to which no calls go. */
  readonly described: ReadonlyMap<string, readonly DescribedOffer[]>;
}

/** Builds the catalogue from the lists and from what administrators say. A model without a price is left out. */
export function buildSnapshot(
  providers: readonly ConnectedProvider[],
  knowledge: Knowledge = NO_KNOWLEDGE,
): CatalogSnapshot {
  const found = new Map<string, DescribedOffer[]>();
  for (const offer of providers.flatMap((connected) => describedOffers(connected, knowledge))) {
    const { modelId } = offer.entry;
    found.set(modelId, [...(found.get(modelId) ?? []), offer]);
  }
  const described = new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  const models = new Map<string, CatalogModel>();
  for (const [id, offers] of described) {
    const model = modelOf(id, offers);
    if (model) models.set(id, model);
  }
  const aliases = bareNames(models, providers);
  return { models, aliases, redirects: redirects(models, aliases, providers), described };
}

function describedOffers(connected: ConnectedProvider, { discoveries, lists, overrides }: Knowledge): DescribedOffer[] {
  const { provider } = connected;
  const setting = overrides.providers.get(provider.id) ?? UNTOUCHED_PROVIDER;
  const entries = entriesOf(provider, discoveries.get(provider.id), lists);
  const known = new Set(entries.map(({ modelId }) => modelId));
  const spoken = overrides.offers.filter(({ providerId }) => providerId === provider.id);
  const added = spoken.flatMap(({ modelId, nativeId }) =>
    nativeId === undefined || known.has(modelId) ? [] : unlistedEntry(provider, { modelId, nativeId }, lists),
  );
  const byModel = new Map<string, OfferOverride>(spoken.map((override) => [override.modelId, override]));
  return [...entries, ...added].map((entry) =>
    describeOffer(entry, { connected, setting, override: byModel.get(entry.modelId) }),
  );
}

/** Undefined when no call may go to any of its offers. */
function modelOf(id: string, described: readonly DescribedOffer[]): CatalogModel | undefined {
  const active = described.flatMap((one) => {
    const offer = activeOffer(one);
    return offer ? [{ entry: one.entry, name: one.override?.name, offer }] : [];
  });
  const [first, ...others] = active;
  if (!first) return undefined;
  const { facts, modalities, isGenerative } = first.entry;
  const slash = id.indexOf('/');
  return {
    id,
    name: active.find(({ name }) => name !== undefined)?.name ?? facts.name ?? id,
    ownedBy: slash > 0 ? id.slice(0, slash) : first.offer.connected.provider.id,
    created: firstCreated(active) ?? 0,
    contextLength: largest(active.map(({ offer }) => offer.contextLength)),
    modalities,
    isGenerative,
    offers: [first.offer, ...others.map(({ offer }): Offer => offer)],
  };
}

function firstCreated(active: readonly { readonly entry: Entry }[]): number | undefined {
  return active.map(({ entry }) => entry.facts.created).find((created) => created !== undefined);
}
