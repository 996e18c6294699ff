/** Where a member of a JSON object stands in its bytes: from the quote of its name to the end of its value. */
export interface MemberPosition {
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Finds the members of a JSON object without decoding their values, so that one of them can be replaced in a body
 * of megabytes without encoding it anew.
 *
 * The bytes must have passed `JSON.parse`. Undefined means that they should be encoded anew after all: a name is
 * escaped or stands twice, and then two readers may disagree about what the object says.
 */
export function findMembers(bytes: Buffer): Map<string, MemberPosition> | undefined {
  const members = new Map<string, MemberPosition>();
  let at = skipTo(bytes, OPEN_BRACE, 0) + 1;
  for (;;) {
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_BRACE) return members;
    const nameEnd = bytes.indexOf(QUOTE, at + 1);
    const name = bytes.toString('utf8', at + 1, nameEnd);
    if (name.includes('\\') || members.has(name)) return undefined;
    const valueStart = skipSpace(bytes, skipTo(bytes, COLON, nameEnd) + 1);
    const end = skipValue(bytes, valueStart);
    members.set(name, { start: at, valueStart, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at += 1;
  }
}

function skipTo(bytes: Buffer, byte: number, from: number): number {
  return bytes.indexOf(byte, from);
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while ((bytes[at] ?? QUOTE) <= 0x20) at += 1;
  return at;
}

/** The index behind the value that starts here. */
function skipValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return skipString(bytes, from);
  return first === OPEN_BRACE || first === OPEN_BRACKET ? skipNested(bytes, from) : skipScalar(bytes, from);
}

function skipNested(bytes: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
}

/** A number, true, false or null ends where something else begins. */
function skipScalar(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at] ?? CLOSE_BRACE;
    if (byte === COMMA || byte === CLOSE_BRACE || byte <= 0x20) return at;
    at += 1;
  }
}

/** The index behind the string whose opening quote stands here. */
function skipString(bytes: Buffer, from: number): number {
  let quote = bytes.indexOf(QUOTE, from + 1);
  while (isEscaped(bytes, quote)) quote = bytes.indexOf(QUOTE, quote + 1);
  return quote + 1;
}

function isEscaped(bytes: Buffer, quote: number): boolean {
  let backslashes = 0;
  while (bytes[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
