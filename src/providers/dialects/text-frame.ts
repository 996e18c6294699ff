import type { ChatChunk } from '../dialect.js';
import { onlyText } from './chat-chunk.js';

/** The inside of a JSON string, to its closing quote. Matches only what a JSON parser would accept. */
const STRING_INSIDE = /[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*/y;
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
    if (!received.startsWith(this.before, start)) return -1;
    STRING_INSIDE.lastIndex = start + this.before.length;
    STRING_INSIDE.test(received);
    const end = STRING_INSIDE.lastIndex;
    return received.startsWith(this.after, end) ? end : -1;
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
  STRING_INSIDE.lastIndex = start;
  STRING_INSIDE.test(frame);
  const end = STRING_INSIDE.lastIndex;
  return unescaped(frame.slice(start, end)) === text ? [frame.slice(0, start), frame.slice(end)] : undefined;
}

/** What the inside of a JSON string says; one character of it stands for a byte. */
function unescaped(inside: string): unknown {
  return JSON.parse(Buffer.from(`"${inside}"`, 'latin1').toString('utf8'));
}
