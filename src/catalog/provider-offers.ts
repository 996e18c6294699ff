import type { ConnectedProvider } from '../providers/connected-provider.js';
import type { DiscoveredModel } from '../providers/dialect.js';
import { describeOffer, type DescribedOffer } from './described-offer.js';
import { entriesOf, unlistedEntry } from './offer-entries.js';
import { NO_OVERRIDES, UNTOUCHED_PROVIDER, type Overrides } from './overrides/overrides.js';
import { NO_LISTS, type PublicLists } from './public-lists/public-lists.js';

/** All that is known beside the providers' own data. */
export interface Knowledge {
  /** What a provider's own list said, by provider id. */
  readonly discoveries: ReadonlyMap<string, readonly DiscoveredModel[]>;
  readonly lists: PublicLists;
  readonly overrides: Overrides;
}

export const NO_KNOWLEDGE: Knowledge = { discoveries: new Map(), lists: NO_LISTS, overrides: NO_OVERRIDES };

/** Every offer of a provider, by its lists and by what administrators say of it. */
export function offersOf(connected: ConnectedProvider, knowledge: Knowledge = NO_KNOWLEDGE): DescribedOffer[] {
  const { discoveries, lists, overrides } = knowledge;
  const { provider } = connected;
  const setting = overrides.providers.get(provider.id) ?? UNTOUCHED_PROVIDER;
  const entries = entriesOf(provider, discoveries.get(provider.id), lists);
  const known = new Set(entries.map(({ modelId }) => modelId));
  const said = overrides.offers.filter(({ providerId }) => providerId === provider.id);
  const added = said.flatMap(({ modelId, nativeId }) =>
    nativeId === undefined || known.has(modelId) ? [] : unlistedEntry(provider, { modelId, nativeId }, lists),
  );
  const byModel = new Map(said.map((override) => [override.modelId, override]));
  return [...entries, ...added].map((entry) =>
    describeOffer(entry, { connected, setting, override: byModel.get(entry.modelId) }),
  );
}
