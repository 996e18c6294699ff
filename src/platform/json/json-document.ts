import { SplicedText, type MemberChanges } from './spliced-text.js';
import { eachMember } from './top-level-members.js';

export type JsonObject = Record<string, unknown>;

/** The bytes are not JSON, or not an object. */
export class NotAJsonObjectError extends Error {
  override readonly name = 'NotAJsonObjectError';
}

/**
 * A JSON object as it came over the wire: its bytes, which travel on untouched, and its value, which is read.
 * Changing a few members copies the bytes around them and encodes nothing else. One that was made here has bytes only
 * once somebody asks for them.
 */
export class JsonDocument {
  private constructor(
    private encoded: Buffer | undefined,
    readonly value: JsonObject,
  ) {}

  static of(value: JsonObject): JsonDocument {
    return new JsonDocument(undefined, value);
  }

  /** @throws NotAJsonObjectError */
  static parse(bytes: Buffer): JsonDocument {
    const value = parseJson(bytes.toString('utf8'));
    if (!isJsonObject(value)) throw new NotAJsonObjectError('not a JSON object');
    return new JsonDocument(bytes, value);
  }

  get bytes(): Buffer {
    this.encoded ??= Buffer.from(JSON.stringify(this.value));
    return this.encoded;
  }

  /** The document's bytes with some members set or removed. The document stays as it is. */
  bytesWith(changes: MemberChanges): Buffer {
    if (!this.encoded) return Buffer.from(JSON.stringify({ ...this.value, ...changes }));
    // As latin-1 each byte is a character, so that what is found in the text stands there in the bytes.
    const text = this.encoded.toString('latin1');
    const spliced = new SplicedText(text, changes);
    // Where a name stands twice, two readers may disagree about what the object says.
    const isAmbiguous = eachMember(text, spliced.take) !== Object.keys(this.value).length;
    if (isAmbiguous) return Buffer.from(JSON.stringify({ ...this.value, ...changes }));
    return Buffer.from(spliced.whole(), 'latin1');
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of an object, when it is an object itself. */
export function objectMember(value: JsonObject, name: string): JsonObject | undefined {
  const member = value[name];
  return isJsonObject(member) ? member : undefined;
}

/** @throws NotAJsonObjectError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NotAJsonObjectError('not JSON', { cause });
  }
}
