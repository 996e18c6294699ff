import type { LlmProvider } from '../../providers/llm-provider.js';
import type { ModelFacts } from '../model-facts.js';

/** Models by the names that a list gives them. */
export type ListedFacts = ReadonlyMap<string, ModelFacts>;

/** What public lists tell of models. */
export interface PublicLists {
  /** By the list's id of the provider, then by native id. */
  readonly modelsDev: ReadonlyMap<string, ListedFacts>;
  /** By names such as `openai/gpt-5`. */
  readonly openRouter: ListedFacts;
}

export const NO_LISTS: PublicLists = { modelsDev: new Map(), openRouter: new Map() };

/** What is public of a model at a provider, the best informed list first. */
export function publicFacts(
  { modelsDev, openRouter }: PublicLists,
  provider: LlmProvider,
  { modelId, nativeId }: { readonly modelId: string; readonly nativeId: string },
): (ModelFacts | undefined)[] {
  const { id, modelsDevId = id, hasPublicList } = provider;
  const atProvider = modelsDevId === null ? undefined : modelsDev.get(modelsDevId)?.get(nativeId);
  if (hasPublicList) return [openRouter.get(nativeId), atProvider];
  return [atProvider, ofModel(openRouter.get(modelId))];
}

/** What holds wherever a model is served: limits, parameters and prices differ from provider to provider. */
function ofModel(facts: ModelFacts | undefined): ModelFacts | undefined {
  if (!facts) return undefined;
  const { name, created, inputModalities, outputModalities } = facts;
  return { name, created, inputModalities, outputModalities };
}
