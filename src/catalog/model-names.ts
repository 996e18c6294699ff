import type { ConnectedProvider } from '../providers/connected-provider.js';
import type { LlmProvider } from '../providers/llm-provider.js';
import type { CatalogModel } from './catalog-model.js';

type Models = ReadonlyMap<string, CatalogModel>;

/** The names that callers use for a provider's own; almost always one. */
export function canonicalIds(provider: LlmProvider, nativeId: string): readonly string[] {
  const { modelPrefix = provider.id, nativeIdPrefix = '', offeredModels } = provider;
  const named = offeredModels?.[nativeId];
  if (named) return named;
  const own = nativeId.startsWith(nativeIdPrefix) ? nativeId.slice(nativeIdPrefix.length) : nativeId;
  return [modelPrefix === '' ? own : `${modelPrefix}/${own}`];
}

/** `gpt-5` for `openai/gpt-5`: a maker's own names first, then names that only one model has. Never a guess. */
export function bareNames(models: Models, providers: readonly ConnectedProvider[]): Map<string, string> {
  const makers = new Set(providers.filter(({ provider }) => provider.isAuthor).map(({ provider }) => provider.id));
  const owners = new Map<string, CatalogModel[]>();
  for (const model of models.values()) {
    const bare = bareName(model.id);
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

/** Names that mean no model any more, and the model that answers instead, as the provider itself recommends. */
export function redirects(
  models: Models,
  aliases: ReadonlyMap<string, string>,
  providers: readonly ConnectedProvider[],
): Map<string, string> {
  const pairs = providers.flatMap(({ provider }) =>
    Object.keys(provider.replacedModels ?? {}).flatMap((old) => {
      const successor = successorOf(provider, old, models);
      return successor === undefined ? [] : namesOf(provider, old).map((name) => [name, successor] as const);
    }),
  );
  return new Map(pairs.filter(([name]) => !models.has(name) && !aliases.has(name)));
}

/** Only makers' models are known by their bare names. */
function namesOf(provider: LlmProvider, nativeId: string): string[] {
  const ids = canonicalIds(provider, nativeId);
  return provider.isAuthor ? [...ids, ...ids.map(bareName)] : [...ids];
}

/** What replaced a model may have been replaced itself. */
function successorOf(provider: LlmProvider, nativeId: string, models: Models): string | undefined {
  const seen = new Set<string>();
  let next = provider.replacedModels?.[nativeId];
  while (next !== undefined && !seen.has(next)) {
    const found = canonicalIds(provider, next).find((id) => models.has(id));
    if (found !== undefined) return found;
    seen.add(next);
    next = provider.replacedModels?.[next];
  }
  return undefined;
}

function bareName(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
