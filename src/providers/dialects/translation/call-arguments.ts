import { isJsonObject, NotAJsonObjectError, parseJson, type JsonObject } from '../../../platform/json/json-document.js';

/** The arguments of a call, which OpenAI has as a text of JSON; none is an empty object. Undefined when it is no object. */
export function readArguments(given: unknown): JsonObject | undefined {
  if (given === undefined || given === '') return {};
  try {
    const input = typeof given === 'string' ? parseJson(given) : given;
    return isJsonObject(input) ? input : undefined;
  } catch (error) {
    if (error instanceof NotAJsonObjectError) return undefined;
    throw error;
  }
}
