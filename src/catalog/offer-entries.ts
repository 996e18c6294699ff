import type { DiscoveredModel } from '../providers/dialect.js';
import type { LlmProvider } from '../providers/llm-provider.js';
import { firstSaid, type ModelFacts } from './model-facts.js';
import { canonicalIds } from './model-names.js';
import { describeModel, listedModels, type ListedModel, type Modalities } from './price-list.js';
import type { Price } from './price.js';
import { publicFacts, type PublicLists } from './public-lists/public-lists.js';

/** What all lists together say of one model at one provider. */
export interface Entry {
  readonly modelId: string;
  readonly nativeId: string;
  readonly facts: ModelFacts;
  /** As callers see them: text where nobody says more. */
  readonly modalities: Modalities;
  readonly isGenerative: boolean;
}

/** One model of a provider, and how it is known. */
interface Found {
  readonly modelId: string;
  readonly listed: ListedModel;
  readonly discovered?: DiscoveredModel;
}

/** The list of the provider itself decides, once it is known; the price list is what we start with. */
export function entriesOf(
  provider: LlmProvider,
  discovered: readonly DiscoveredModel[] | undefined,
  lists: PublicLists,
): Entry[] {
  const found: Omit<Found, 'modelId'>[] = discovered
    ? discovered.map((model) => ({ listed: describeModel(provider, model.nativeId), discovered: model }))
    : listedModels(provider).map((listed) => ({ listed }));
  return found.flatMap((one) =>
    canonicalIds(provider, one.listed.nativeId).map((modelId) => toEntry(provider, { ...one, modelId }, lists)),
  );
}

/** A model that only an administrator knows there. */
export function unlistedEntry(
  provider: LlmProvider,
  { modelId, nativeId }: { readonly modelId: string; readonly nativeId: string },
  lists: PublicLists,
): Entry {
  return toEntry(provider, { modelId, listed: describeModel(provider, nativeId) }, lists);
}

function toEntry(provider: LlmProvider, { modelId, listed, discovered }: Found, lists: PublicLists): Entry {
  const { nativeId, name, contextLength, modalities, isGenerative } = listed;
  const known = publicFacts(lists, provider, { modelId, nativeId });
  const facts = firstSaid([discovered, ...known, { name, contextLength }]);
  const { inputModalities: input = modalities.input, outputModalities: output = modalities.output, price } = facts;
  return {
    modelId,
    nativeId,
    facts,
    modalities: { input, output },
    isGenerative: (isGenerative ?? isForWriting(price)) && output.includes('text'),
  };
}

/** What costs something to read and nothing to write makes embeddings. */
function isForWriting(price: Price | undefined): boolean {
  return price === undefined || price.output.base > 0n || price.input.base === 0n;
}
