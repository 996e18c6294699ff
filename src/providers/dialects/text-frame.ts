import type { ChatChunk } from '../dialect.js';
import { onlyText } from './chat-chunk.js';

/** The inside of a JSON string, to its closing quote. Matches only what a JSON parser would accept. */
const STRING_INSIDE = /[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LAST_CONTROL = 0x1f;
/** The members that hold text, in one dialect or another. */
const TEXT_MEMBER = /"(?:content|text)":\s*"/g;

/**
 * Most events of a stream differ only in their text. A text frame is what is alike about them: once one event was
 * parsed, and what the client gets for it is known, the next one that has the same bytes around its text needs no
 * parsing: it is the same event with another text, and so is what the client gets for it.
 *
 * Frames are latin-1 strings: one character for each byte.
 */
export class TextFrame {
  /** The client gets these events as they came. */
  readonly isVerbatim: boolean;

  private constructor(
    private readonly before: string,
    private readonly after: string,
    private readonly sentBefore: string,
    private readonly sentAfter: string,
  ) {
    this.isVerbatim = before === sentBefore && after === sentAfter;
  }

  /** Undefined when the event, or what is sent for it, holds more than text. */
  static learn(
    received: { frame: string; chunk: ChatChunk },
    sent: { frame: string; chunk: ChatChunk },
  ): TextFrame | undefined {
    const text = onlyText(received.chunk);
    if (text === undefined || onlyText(sent.chunk) !== text) return undefined;
    const around = split(received.frame, text);
    const sentAround = split(sent.frame, text);
    return around && sentAround && new TextFrame(...around, ...sentAround);
  }

  /** Where the text of the event that begins here ends, or -1 when it is another kind of event or not yet complete. */
  textEnd(received: string, start: number): number {
    if (received.slice(start, start + this.before.length) !== this.before) return -1;
    const end = insideEnd(received, start + this.before.length);
    return received.slice(end, end + this.after.length) === this.after ? end : -1;
  }

  textStart(start: number): number {
    return start + this.before.length;
  }

  frameEnd(textEnd: number): number {
    return textEnd + this.after.length;
  }

  /** What the client gets for an event with this text (still escaped). */
  sent(text: string): string {
    return this.sentBefore + text + this.sentAfter;
  }
}

/** What stands before and behind the text of a frame; undefined when it is not plain which string that is. */
function split(frame: string, text: string): [string, string] | undefined {
  const [match, another] = frame.matchAll(TEXT_MEMBER);
  if (!match || another) return undefined;
  const start = match.index + match[0].length;
  const end = insideEnd(frame, start);
  return unescaped(frame.slice(start, end)) === text ? [frame.slice(0, start), frame.slice(end)] : undefined;
}

/** Where the inside of the JSON string that begins here ends. Most pieces of text are short and plain. */
function insideEnd(text: string, start: number): number {
  let at = start;
  for (let character = text.charCodeAt(at); character !== QUOTE; character = text.charCodeAt(++at)) {
    // Also at the end of the text, where the character is not a number.
    if (!(character > LAST_CONTROL) || character === BACKSLASH) return escapedInsideEnd(text, start);
  }
  return at;
}

function escapedInsideEnd(text: string, start: number): number {
  STRING_INSIDE.lastIndex = start;
  STRING_INSIDE.test(text);
  return STRING_INSIDE.lastIndex;
}

/** What the inside of a JSON string says; one character of it stands for a byte. */
function unescaped(inside: string): unknown {
  return JSON.parse(Buffer.from(`"${inside}"`, 'latin1').toString('utf8'));
}
