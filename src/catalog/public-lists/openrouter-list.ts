import { isJsonObject, objectMember, type JsonObject } from '../../platform/json/json-document.js';
import { readModelList } from '../../providers/model-list.js';
import { comparable, type Edition } from '../editions/edition.js';
import { readPricing } from '../pricing-text.js';
import type { ListedFacts } from './public-lists.js';

/** Reads `https://openrouter.ai/api/v1/models`; prices in it are USD per token, as text. Pure. */
export function readOpenRouterList(list: JsonObject): ListedFacts {
  const data: unknown[] = Array.isArray(list['data']) ? list['data'] : [];
  // Its routers have prices of -1, which are none: they cost what the model costs that they choose.
  const prices = new Map(
    data.filter(isJsonObject).map((model) => [model['id'], readPricing(objectMember(model, 'pricing') ?? {})]),
  );
  return new Map(readModelList(list).map((model) => [model.nativeId, { ...model, price: prices.get(model.nativeId) }]));
}

/** What is compared of editions: by model, its prices in pico-dollars. */
export function openRouterEdition(models: ListedFacts): Edition {
  return new Map([...models].map(([id, { price }]): [string, number[]] => [id, comparable(price)]));
}
