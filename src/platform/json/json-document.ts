import { findMembers, type MemberPosition } from './top-level-members.js';

const OPEN_BRACE = Buffer.from('{');
const COMMA = Buffer.from(',');
const CLOSE_BRACE = Buffer.from('}');

export type JsonObject = Record<string, unknown>;

/** New values of top-level members; undefined removes the member. */
export type MemberChanges = Readonly<Record<string, unknown>>;

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
    const members = findMembers(this.encoded.toString('latin1'));
    const isAmbiguous = !members || members.size !== Object.keys(this.value).length;
    if (isAmbiguous) return Buffer.from(JSON.stringify({ ...this.value, ...changes }));

    return spliced(this.encoded, members, changes);
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

/** The members that stay are copied in runs, with the commas between them; the others are written anew. */
function spliced(bytes: Buffer, members: Map<string, MemberPosition>, changes: MemberChanges): Buffer {
  const pieces = new Pieces();
  let run: MemberPosition | undefined;
  for (const [name, { start, end }] of members) {
    if (!Object.hasOwn(changes, name)) {
      run = { start: run?.start ?? start, end };
      continue;
    }
    if (run) pieces.add(bytes.subarray(run.start, run.end));
    run = undefined;
    pieces.addMember(name, changes[name]);
  }
  if (run) pieces.add(bytes.subarray(run.start, run.end));
  for (const name of Object.keys(changes)) if (!members.has(name)) pieces.addMember(name, changes[name]);
  return pieces.joined();
}

/** What an object is put together from: members in the bytes that came, and encoded ones. */
class Pieces {
  private readonly pieces: Buffer[] = [];

  add(piece: Buffer): void {
    this.pieces.push(this.pieces.length === 0 ? OPEN_BRACE : COMMA, piece);
  }

  addMember(name: string, value: unknown): void {
    if (value !== undefined) this.add(Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(value)}`));
  }

  joined(): Buffer {
    if (this.pieces.length === 0) this.pieces.push(OPEN_BRACE);
    return Buffer.concat([...this.pieces, CLOSE_BRACE]);
  }
}
