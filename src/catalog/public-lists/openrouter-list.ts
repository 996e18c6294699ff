import { isJsonObject, objectMember, type JsonObject } from '../../platform/json/json-document.js';
import { readModelList } from '../../providers/model-list.js';
import { completePrice, parseDollarsPerToken, type Price, type TokenPrice } from '../price.js';
import type { ListedFacts } from './public-lists.js';

/** Reads `https://openrouter.ai/api/v1/models`; prices in it are USD per token, as text. Pure. */
export function readOpenRouterList(list: JsonObject): ListedFacts {
  const data: unknown[] = Array.isArray(list['data']) ? list['data'] : [];
  const prices = new Map(data.filter(isJsonObject).map((model) => [model['id'], priceOf(model)]));
  return new Map(readModelList(list).map((model) => [model.nativeId, { ...model, price: prices.get(model.nativeId) }]));
}

/** Those of its routers have prices of -1: they cost what the model costs that they choose. */
function priceOf(model: JsonObject): Price | undefined {
  const pricing = objectMember(model, 'pricing') ?? {};
  const read = (name: string): TokenPrice | undefined => {
    const text = pricing[name];
    return typeof text === 'string' ? parseDollarsPerToken(text) : undefined;
  };
  const [input, output] = [read('prompt'), read('completion')];
  if (!input || !output) return undefined;
  const [cacheRead, cacheWrite] = [read('input_cache_read'), read('input_cache_write')];
  return completePrice({ input, output, ...(cacheRead && { cacheRead }), ...(cacheWrite && { cacheWrite }) });
}
