import type { ConnectedProvider } from '../providers/connected-provider.js';
import { capabilitiesOf } from './capabilities.js';
import type { CatalogModel } from './catalog-model.js';
import { activeOffer, type DescribedOffer } from './described-offer.js';
import { largest } from './model-facts.js';
import { bareNames, redirects } from './model-names.js';

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

/** Puts the offers of these providers together to a catalogue. Pure. */
export function buildSnapshot(
  providers: readonly ConnectedProvider[],
  offers: readonly DescribedOffer[],
): CatalogSnapshot {
  const found = new Map<string, DescribedOffer[]>();
  for (const offer of offers) {
    const { modelId } = offer.entry;
    const known = found.get(modelId);
    if (known) known.push(offer);
    else found.set(modelId, [offer]);
  }
  const described = new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  const models = new Map<string, CatalogModel>();
  for (const [id, ofModel] of described) {
    const model = modelOf(id, ofModel);
    if (model) models.set(id, model);
  }
  const aliases = bareNames(models, providers);
  return { models, aliases, redirects: redirects(models, aliases, providers), described };
}

/** Undefined when no call may go to any of its offers. */
function modelOf(id: string, described: readonly DescribedOffer[]): CatalogModel | undefined {
  const active = described.filter((one) => one.status === 'active');
  const [first, ...others] = active.flatMap((one) => activeOffer(one) ?? []);
  const [main] = active;
  if (!first || !main) return undefined;
  const { facts, modalities, isGenerative } = main.entry;
  const slash = id.indexOf('/');
  return {
    id,
    name: firstOf(active, ({ override }) => override?.name) ?? facts.name ?? id,
    ownedBy: slash > 0 ? id.slice(0, slash) : first.connected.provider.id,
    created: firstOf(active, ({ entry }) => entry.facts.created) ?? 0,
    contextLength: largest(active.map(({ contextLength }) => contextLength)),
    maxOutputTokens: largest(active.map(({ maxOutputTokens }) => maxOutputTokens)),
    modalities,
    capabilities: isGenerative ? ['chat', 'streaming', ...union(active.map(capabilitiesOf))] : [],
    supportedParameters: union(active.map(({ supportedParameters = [] }) => supportedParameters)).sort(),
    offers: [first, ...others],
  };
}

function firstOf<Value>(
  offers: readonly DescribedOffer[],
  read: (offer: DescribedOffer) => Value | undefined,
): Value | undefined {
  return offers.map(read).find((value) => value !== undefined);
}

function union(lists: readonly Iterable<string>[]): string[] {
  return [...new Set(lists.flatMap((list) => [...list]))];
}
