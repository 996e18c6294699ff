import { updatePrices, waitForUpdate, type ModelInfo, type ModelPrice, type Provider } from '@pydantic/genai-prices';
import { isJsonObject } from '../../platform/json/json-document.js';
import { UndecodableReplyError } from '../../providers/upstream-errors.js';
import type { Edition } from '../editions/edition.js';

/** The public price list as it holds at the moment. */
export async function currentPriceList(): Promise<Provider[]> {
  return (await waitForUpdate()) ?? [];
}

/** @throws UndecodableReplyError when it is no price list */
export function readPriceList(list: unknown): Provider[] {
  if (Array.isArray(list) && list.length > 0 && list.every(isProvider)) return list;
  throw new UndecodableReplyError('The document is no price list.');
}

/** Makes it the one that holds, for the whole process. @throws Error when a price in it makes no sense */
export function replacePriceList(list: Provider[]): void {
  updatePrices(({ setProviderData }) => {
    setProviderData(list);
  });
}

/** Each model's newest prices of a token read and of one written, USD per million. */
export function editionOf(list: readonly Provider[]): Edition {
  const models = list.flatMap(({ id, models }) => models.map((model) => [`${id}/${model.id}`, prices(model)] as const));
  return new Map(models);
}

function prices({ prices: given }: ModelInfo): number[] {
  const newest: ModelPrice = Array.isArray(given) ? (given.at(-1)?.prices ?? {}) : given;
  return ['input_mtok', 'output_mtok'].map((kind) => {
    const price = newest[kind] ?? 0;
    return typeof price === 'number' ? price : price.base;
  });
}

function isProvider(value: unknown): value is Provider {
  if (!isJsonObject(value) || typeof value['id'] !== 'string' || !Array.isArray(value['models'])) return false;
  return value['models'].every(
    (model) =>
      isJsonObject(model) && typeof model['id'] === 'string' && isJsonObject(model['match']) && hasPrices(model),
  );
}

function hasPrices({ prices }: Record<string, unknown>): boolean {
  if (!Array.isArray(prices)) return isJsonObject(prices);
  return prices.every((price) => isJsonObject(price) && isJsonObject(price['prices']));
}
