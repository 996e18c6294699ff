import { SplicedObject, type MemberChanges } from './spliced-object.js';

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
    return this.spliced(changes)?.toBytes() ?? Buffer.from(JSON.stringify({ ...this.value, ...changes }));
  }

  /** The same as a text in which each character is a byte: to be written together with other text. */
  latin1With(changes: MemberChanges): string {
    return this.spliced(changes)?.toLatin1() ?? this.bytesWith(changes).toString('latin1');
  }

  /** Undefined when it has no bytes yet, or when two readers may disagree about what they say: a name stands there twice. */
  private spliced(changes: MemberChanges): SplicedObject | undefined {
    if (!this.encoded) return undefined;
    const spliced = new SplicedObject(this.encoded, changes);
    return spliced.oldMembers === Object.keys(this.value).length ? spliced : undefined;
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
