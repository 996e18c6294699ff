import type { JsonObject } from '../../../platform/json/json-document.js';

/** What the gateway itself deals with. */
const NOT_THE_PROVIDERS = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'models',
  'provider',
  'session_id',
  'usage',
  'user',
  'metadata',
  'store',
  'transforms',
  'plugins',
]);
/** Parameters are called so. What else stands in a request is none, and could not be named in a header. */
const NAME = /^\w{1,64}$/;
/** Values that ask for nothing but the usual. */
const USUAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['n', 1],
  ['logprobs', false],
  ['frequency_penalty', 0],
  ['presence_penalty', 0],
]);

/** The parameters of a request that a dialect has no word for, and that ask for something. */
export function unknownParameters(request: JsonObject, known: ReadonlySet<string>): string[] {
  return Object.keys(request).filter((name) => {
    const value = request[name];
    if (value === undefined || value === null || value === USUAL.get(name)) return false;
    return !known.has(name) && !NOT_THE_PROVIDERS.has(name) && NAME.test(name);
  });
}
