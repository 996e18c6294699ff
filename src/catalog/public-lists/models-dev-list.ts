import { isJsonObject, objectMember, type JsonObject } from '../../platform/json/json-document.js';
import { COMMON_PARAMETERS, parametersOf, type Capability } from '../capabilities.js';
import { comparable, type Edition } from '../editions/edition.js';
import type { ModelFacts } from '../model-facts.js';
import { completePrice, perMillion, type Price, type TokenPrice } from '../price.js';
import type { ListedFacts, PublicLists } from './public-lists.js';

const LONG_CONTEXT = 200_000;

/** Reads `https://models.dev/api.json`: providers, and by native id their models. Prices are USD per million. Pure. */
export function readModelsDevList(list: JsonObject): PublicLists['modelsDev'] {
  const providers = Object.entries(list).map(([id, provider]): [string, ListedFacts] => {
    const models = isJsonObject(provider) ? (objectMember(provider, 'models') ?? {}) : {};
    const listed = Object.entries(models).flatMap(([nativeId, model]): [string, ModelFacts][] =>
      isJsonObject(model) ? [[nativeId, factsOf(model)]] : [],
    );
    return [id, new Map(listed)];
  });
  return new Map(providers);
}

function factsOf(model: JsonObject): ModelFacts {
  const { name, release_date: released } = model;
  const limit = objectMember(model, 'limit') ?? {};
  const modalities = objectMember(model, 'modalities') ?? {};
  return {
    name: typeof name === 'string' ? name : undefined,
    created: typeof released === 'string' ? positive(Date.parse(released) / 1000) : undefined,
    contextLength: positive(limit['context']),
    maxOutputTokens: positive(limit['output']),
    inputModalities: inputsOf(model, modalities['input']),
    outputModalities: textsOf(modalities['output']),
    supportedParameters: parameters(model),
    price: priceOf(objectMember(model, 'cost')),
  };
}

/** Documents are `pdf` there, and `file` in OpenAI's requests. */
function inputsOf({ attachment }: JsonObject, given: unknown): string[] | undefined {
  const inputs = textsOf(given)?.map((kind) => (kind === 'pdf' ? 'file' : kind));
  return inputs && attachment === true ? [...new Set([...inputs, 'file'])] : inputs;
}

/** It tells what a model cannot do; of other parameters it says nothing. */
function parameters(model: JsonObject): string[] | undefined {
  const { tool_call: tools, reasoning, structured_output: schema, temperature } = model;
  if (typeof tools !== 'boolean') return undefined;
  const capabilities: Capability[] = [
    ...(tools ? (['tools'] as const) : []),
    ...(schema === true ? (['json_schema'] as const) : []),
    ...(reasoning === true ? (['reasoning'] as const) : []),
  ];
  const common = COMMON_PARAMETERS.filter((name) => temperature !== false || name !== 'temperature');
  return [...new Set([...common, ...parametersOf(capabilities)])];
}

/** A price of nothing means a subscription, or that nobody knows: neither is what a call will cost us. */
function priceOf(cost: JsonObject | undefined): Price | undefined {
  if (!cost) return undefined;
  const long = objectMember(cost, 'context_over_200k') ?? {};
  const read = (name: string): TokenPrice | undefined => tokenPrice(cost[name], long[name]);
  const [input, output] = [read('input'), read('output')];
  if (!input || !output || input.base + output.base === 0n) return undefined;
  const kinds = Object.entries(LISTED_KINDS).flatMap(([kind, name]) => {
    const price = read(name);
    return price ? [[kind, price] as const] : [];
  });
  return completePrice({ ...Object.fromEntries(kinds), input, output });
}

const LISTED_KINDS = {
  cacheRead: 'cache_read',
  cacheWrite: 'cache_write',
  reasoning: 'reasoning',
  audioInput: 'input_audio',
  audioOutput: 'output_audio',
} as const;

function tokenPrice(base: unknown, long: unknown): TokenPrice | undefined {
  if (!isPrice(base)) return undefined;
  const tiers = isPrice(long) ? [{ above: LONG_CONTEXT, price: perMillion(long) }] : [];
  return { base: perMillion(base), tiers };
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? Math.round(value) : undefined;
}

function textsOf(value: unknown): string[] | undefined {
  const found = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  return found.length > 0 ? found : undefined;
}

/** What is compared of editions: by provider and model, its prices in pico-dollars. */
export function modelsDevEdition(lists: PublicLists['modelsDev']): Edition {
  return new Map(
    [...lists].flatMap(([provider, models]) =>
      [...models].map(([id, { price }]): [string, number[]] => [`${provider}/${id}`, comparable(price)]),
    ),
  );
}
