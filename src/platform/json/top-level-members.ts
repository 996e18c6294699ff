const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;
/** A longer string is searched for its end by the machine, which for a short one costs more than to look. */
const SHORT_STRING = 48;

/**
 * Where a member of a JSON object stands in its bytes: the quotes around its name, and the place behind its value.
 */
export type MemberVisitor = (start: number, nameEnd: number, end: number) => void;

/**
 * Goes through the members of a JSON object without decoding their names or values, so that one of them can be replaced
 * in a body of megabytes without encoding it anew. How many there are.
 *
 * The bytes must have passed `JSON.parse`. Undefined means that they should be encoded anew after all: a name is
 * escaped, and then two readers may disagree about what the object says.
 */
export function eachMember(bytes: Buffer, visit: MemberVisitor): number | undefined {
  let count = 0;
  let at = bytes.indexOf(OPEN_BRACE) + 1;
  for (;;) {
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_BRACE) return count;
    const start = at;
    const nameEnd = endOfPlainName(bytes, start + 1);
    if (nameEnd === undefined) return undefined;
    at = skipSpace(bytes, nameEnd + 1);
    if (bytes[at] === COLON) at = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, at);
    visit(start, nameEnd, end);
    count += 1;
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at += 1;
  }
}

/** The index of the quote behind a name; undefined when something in it is escaped. Names are short. */
function endOfPlainName(bytes: Buffer, from: number): number | undefined {
  for (let at = from; ; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) return undefined;
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while ((bytes[at] ?? QUOTE) <= SPACE) at += 1;
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
  for (let at = from; ; at += 1) {
    const byte = bytes[at] ?? SPACE;
    if (byte === COMMA || byte === CLOSE_BRACE || byte <= SPACE) return at;
  }
}

/** The index behind the string whose opening quote stands here. */
function skipString(bytes: Buffer, from: number): number {
  const near = from + SHORT_STRING;
  let at = from + 1;
  while (at < near) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return skipLongString(bytes, at);
}

/** The same from somewhere inside a string, where nothing before stands for an escape. */
function skipLongString(bytes: Buffer, from: number): number {
  let quote = bytes.indexOf(QUOTE, from);
  while (isEscaped(bytes, quote, from)) quote = bytes.indexOf(QUOTE, quote + 1);
  return quote + 1;
}

function isEscaped(bytes: Buffer, quote: number, from: number): boolean {
  let at = quote;
  while (at > from && bytes[at - 1] === BACKSLASH) at -= 1;
  return (quote - at) % 2 === 1;
}
