import { isJsonObject } from './json-document.js';

/** Escapes that JSON has and `jsonb` refuses: the character 0, and halves of a pair. Some are whole pairs; no matter. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** JSON that the database takes, whatever characters somebody put into it. */
export function toStorableJson(value: object): string {
  const json = JSON.stringify(value);
  return SUSPICIOUS.test(json) ? JSON.stringify(value, storable) : json;
}

function storable(_: string, value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), member]))
    : value;
}

function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
