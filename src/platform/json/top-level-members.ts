/** Where a member of a JSON object stands in its text. */
export interface MemberPosition {
  /** The quote before its name. */
  readonly start: number;
  /** The quote behind it. */
  readonly nameEnd: number;
  /** Behind its value. */
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Goes through the members of a JSON object without decoding their names or values, so that one of them can be replaced
 * in a body of megabytes without encoding it anew. How many there are.
 *
 * The text must have passed `JSON.parse`. Undefined means that it should be encoded anew after all: a name is escaped,
 * and then two readers may disagree about what the object says.
 */
export function eachMember(text: string, visit: (member: MemberPosition) => void): number | undefined {
  let count = 0;
  let at = text.indexOf('{') + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text.charCodeAt(at) === CLOSE_BRACE) return count;
    const nameEnd = endOfPlainName(text, at + 1);
    if (nameEnd === undefined) return undefined;
    const end = skipValue(text, skipSpace(text, text.indexOf(':', nameEnd) + 1));
    visit({ start: at, nameEnd, end });
    count += 1;
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at += 1;
  }
}

/** The index of the quote behind a name; undefined when something in it is escaped. Names are short. */
function endOfPlainName(text: string, from: number): number | undefined {
  let at = from;
  for (let character = text.charCodeAt(at); character !== QUOTE; character = text.charCodeAt(at)) {
    if (character === BACKSLASH) return undefined;
    at += 1;
  }
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

/** The index behind the value that starts here. */
function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return skipString(text, from);
  return first === OPEN_BRACE || first === OPEN_BRACKET ? skipNested(text, from) : skipScalar(text, from);
}

function skipNested(text: string, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) {
      at = skipString(text, at);
      continue;
    }
    if (character === OPEN_BRACE || character === OPEN_BRACKET) depth += 1;
    else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
}

/** A number, true, false or null ends where something else begins. */
function skipScalar(text: string, from: number): number {
  let at = from;
  for (;;) {
    const character = text.charCodeAt(at);
    if (character === COMMA || character === CLOSE_BRACE || character <= 0x20) return at;
    at += 1;
  }
}

/** The index behind the string whose opening quote stands here. `indexOf` is several times as fast as a loop. */
function skipString(text: string, from: number): number {
  let quote = text.indexOf('"', from + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
