import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { isJsonObject, type JsonObject } from '../../platform/json/json-document.js';

export const SORTS = ['price', 'latency', 'throughput'] as const;
export type Sort = (typeof SORTS)[number];

/** The most that a caller would pay, USD per million tokens. */
export interface MaxPrice {
  readonly prompt: number | undefined;
  readonly completion: number | undefined;
}

/** What a caller says about who shall answer: OpenRouter's `provider`, whose names the field knows. */
export interface RoutingPreferences {
  /** Ids of providers, lower case. These first, in this order. */
  readonly order: readonly string[];
  /** Undefined: all of them. */
  readonly only: ReadonlySet<string> | undefined;
  readonly ignore: ReadonlySet<string>;
  readonly allowsFallbacks: boolean;
  /** Undefined: the gateway's own balance. */
  readonly sort: Sort | undefined;
  readonly maxPrice: MaxPrice;
  /** An offer that would drop a parameter of the request will not do. */
  readonly requiresParameters: boolean;
}

const NO_PREFERENCES: RoutingPreferences = {
  order: [],
  only: undefined,
  ignore: new Set(),
  allowsFallbacks: true,
  sort: undefined,
  maxPrice: { prompt: undefined, completion: undefined },
  requiresParameters: false,
};

/** @throws InvalidRequestError naming the member at fault */
export function readPreferences(request: JsonObject, suffixSort?: Sort): RoutingPreferences {
  const given = request['provider'];
  if (given === undefined || given === null) {
    return suffixSort ? { ...NO_PREFERENCES, sort: suffixSort } : NO_PREFERENCES;
  }
  if (!isJsonObject(given)) throw wrong('provider', 'an object');
  const only = names(given, 'only');
  return {
    order: names(given, 'order') ?? [],
    only: only && new Set(only),
    ignore: new Set(names(given, 'ignore')),
    allowsFallbacks: flag(given, 'allow_fallbacks', true),
    sort: suffixSort ?? readSort(given['sort']),
    maxPrice: readMaxPrice(given['max_price']),
    requiresParameters: flag(given, 'require_parameters', false),
  };
}

/** The models that may answer instead, in order. @throws InvalidRequestError */
export function readFallbackModels({ models }: JsonObject): readonly string[] {
  if (models === undefined || models === null) return [];
  if (!Array.isArray(models) || !models.every((name): name is string => typeof name === 'string')) {
    throw wrong('models', 'a list of names of models');
  }
  return models;
}

function readSort(given: unknown): Sort | undefined {
  // OpenRouter also takes an object with the same names in `by`.
  const name = isJsonObject(given) ? given['by'] : given;
  if (name === undefined || name === null) return undefined;
  const sort = SORTS.find((known) => known === name);
  if (!sort) throw wrong('provider.sort', `one of ${SORTS.join(', ')}`);
  return sort;
}

function readMaxPrice(given: unknown): MaxPrice {
  if (given === undefined || given === null) return NO_PREFERENCES.maxPrice;
  if (!isJsonObject(given)) throw wrong('provider.max_price', 'an object with `prompt` and `completion`');
  return { prompt: price(given, 'prompt'), completion: price(given, 'completion') };
}

/** Prices come as numbers or, from those who are wary of floats, as text. */
function price(holder: JsonObject, name: string): number | undefined {
  const given = holder[name];
  if (given === undefined || given === null) return undefined;
  const amount = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof amount !== 'number' || !(amount >= 0)) {
    throw wrong(`provider.max_price.${name}`, 'USD per million tokens, at least 0');
  }
  return amount;
}

function names(holder: JsonObject, name: string): string[] | undefined {
  const given = holder[name];
  if (given === undefined || given === null) return undefined;
  if (!Array.isArray(given) || !given.every((id): id is string => typeof id === 'string')) {
    throw wrong(`provider.${name}`, 'a list of ids of providers');
  }
  return given.map((id) => id.toLowerCase());
}

function flag(holder: JsonObject, name: string, otherwise: boolean): boolean {
  const given = holder[name] ?? otherwise;
  if (typeof given !== 'boolean') throw wrong(`provider.${name}`, 'true or false');
  return given;
}

function wrong(param: string, wanted: string): InvalidRequestError {
  return new InvalidRequestError(`\`${param}\` must be ${wanted}.`, param, 'invalid_type');
}
