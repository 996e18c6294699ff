import { calcPrice, findProvider, type ModelInfo, type ModelPrice, type Provider } from '@pydantic/genai-prices';
import type { LlmProvider } from '../providers/llm-provider.js';
import { completePrice, flat, perMillion, type Price, type TokenPrice } from './price.js';

/** A model that a price list names. */
export interface ListedModel {
  readonly nativeId: string;
  readonly name: string | undefined;
  readonly contextLength: number | undefined;
  readonly modalities: Modalities;
  /** It writes: an embedding model has no price for output. Undefined when the list does not have it. */
  readonly isGenerative: boolean | undefined;
}

/** What a model reads and writes, as far as its prices tell. */
export interface Modalities {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

const TEXT_ONLY: Modalities = { input: ['text'], output: ['text'] };

/** What the list calls the kinds of tokens. */
const LISTED_KINDS = {
  cacheRead: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
  cacheWriteHour: 'cache_write_1h_mtok',
  output: 'output_mtok',
  reasoning: 'output_reasoning_mtok',
  audioInput: 'input_audio_mtok',
  audioOutput: 'output_audio_mtok',
} as const;

/** The models of a provider that its own data, or else the public price list, knows by exact ids. */
export function listedModels(provider: LlmProvider): ListedModel[] {
  if (provider.offeredModels) return Object.keys(provider.offeredModels).map((id) => describeModel(provider, id));
  const own = Object.keys(provider.ownPrices ?? {}).map(unlistedModel);
  const listed = publicList(provider)?.models ?? [];
  return [...own, ...listed.flatMap((model) => exactIds(model).map((nativeId) => listedModel(nativeId, model)))];
}

/** What the list says about a model that the provider itself named. */
export function describeModel(provider: LlmProvider, nativeId: string): ListedModel {
  const found = find(provider, nativeId, new Date());
  return found ? listedModel(nativeId, found.model) : unlistedModel(nativeId);
}

/** The price at this moment: some change on a date, or with the time of day. Undefined when nobody knows it. */
export function priceOf(provider: LlmProvider, nativeId: string, now: Date): Price | undefined {
  const own = provider.ownPrices?.[nativeId];
  if (own) {
    const { input, cachedInput = input, output } = own;
    return toPrice({ input_mtok: input, cache_read_mtok: cachedInput, output_mtok: output });
  }
  if (provider.isFree) return toPrice({ input_mtok: 0, output_mtok: 0 });
  const found = find(provider, nativeId, now);
  return found && toPrice(found.model_price);
}

function find(provider: LlmProvider, nativeId: string, timestamp: Date) {
  const list = publicList(provider);
  return (list && calcPrice({}, nativeId, { providerId: list.id, timestamp })) ?? undefined;
}

function publicList({ id, priceListId = id }: LlmProvider): Provider | undefined {
  return priceListId === null ? undefined : findProvider({ providerId: priceListId });
}

/** A rule such as `starts_with` prices ids that it does not name; only those that it names are models to offer. */
function exactIds({ id, match }: ModelInfo): string[] {
  const rules = 'or' in match ? match.or : [match];
  const ids = rules.flatMap((rule) => ('equals' in rule ? [rule.equals] : []));
  // Some lists name a model in two spellings; the first is the provider's.
  const spellings = new Map(ids.reverse().map((exact) => [exact.toLowerCase(), exact]));
  return spellings.size > 0 ? [...spellings.values()].reverse() : [id];
}

function listedModel(nativeId: string, { id, name, context_window, prices }: ModelInfo): ListedModel {
  const priced = Object.keys((Array.isArray(prices) ? prices.at(-1)?.prices : prices) ?? {});
  const modalities = {
    input: ['text', ...['audio', 'image', 'video'].filter((kind) => priced.includes(`input_${kind}_mtok`))],
    output: ['text', ...['audio', 'image', 'video'].filter((kind) => priced.includes(`output_${kind}_mtok`))],
  };
  const isGenerative = priced.includes('output_mtok');
  return {
    nativeId,
    name: nativeId === id ? name : undefined,
    contextLength: context_window,
    modalities,
    isGenerative,
  };
}

function unlistedModel(nativeId: string): ListedModel {
  return { nativeId, name: undefined, contextLength: undefined, modalities: TEXT_ONLY, isGenerative: undefined };
}

/** A model without prices for text has none. */
function toPrice(prices: ModelPrice): Price | undefined {
  const input = tokenPrice(prices['input_mtok']);
  if (!input) return undefined;
  const kinds = Object.entries(LISTED_KINDS).flatMap(([kind, name]) => {
    const price = tokenPrice(prices[name]);
    return price ? [[kind, price] as const] : [];
  });
  return completePrice({ ...Object.fromEntries(kinds), input });
}

function tokenPrice(price: ModelPrice[string]): TokenPrice | undefined {
  if (price === undefined) return undefined;
  if (typeof price === 'number') return flat(price);
  return {
    base: perMillion(price.base),
    tiers: price.tiers.map((tier) => ({ above: tier.start, price: perMillion(tier.price) })),
  };
}
