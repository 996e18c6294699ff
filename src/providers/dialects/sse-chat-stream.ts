import { isJsonObject, type JsonObject } from '../../platform/json/json-document.js';
import type { ChatChunk, ChunkRewriter } from '../dialect.js';
import { ChatStream, encodeChunk } from './chat-stream.js';
import { frameData, frameEnd } from './sse-frame.js';
import { TextFrame } from './text-frame.js';
import { UnfinishedBytes } from './unfinished-bytes.js';

/**
 * Reads server-sent events. What the client gets as it came is handed on as the same bytes, and events that differ
 * only in their text are parsed once.
 */
export abstract class SseChatStream extends ChatStream {
  private textFrame: TextFrame | undefined;
  private readonly unfinished = new UnfinishedBytes(this.provider.id);

  /**
   * The chunks that an event means, in OpenAI's shape: the event itself where it is one already, and none for what
   * clients need not know. An event that holds only text must not change how later ones are read.
   */
  protected abstract read(event: JsonObject): readonly ChatChunk[];

  decode(piece: Buffer, rewrite: ChunkRewriter): Buffer[] {
    const bytes = this.unfinished.withNext(piece);
    if (!bytes) return [];
    const received = bytes.toString('latin1');
    const sent: Buffer[] = [];
    let at = 0;
    while (at < received.length) {
      const textsEnd = this.decodeTexts({ bytes, received, at, sent });
      if (textsEnd > at) {
        at = textsEnd;
        continue;
      }
      const end = frameEnd(received, at);
      if (end < 0) break;
      sent.push(...this.decodeFrame(bytes.subarray(at, end), rewrite));
      at = end;
    }
    this.unfinished.keep(bytes.subarray(at));
    return sent;
  }

  /** The run of events from here that differ from the learned one only in their text; where it ends. */
  private decodeTexts({ bytes, received, at, sent }: Cursor): number {
    const frame = this.textFrame;
    if (!frame) return at;
    let end = at;
    let rewritten = '';
    for (;;) {
      const textEnd = frame.textEnd(received, end);
      if (textEnd < 0) break;
      const text = received.slice(frame.textStart(end), textEnd);
      this.written.addEscaped(text);
      if (!frame.isVerbatim) rewritten += frame.sent(text);
      end = frame.frameEnd(textEnd);
    }
    if (end > at) sent.push(frame.isVerbatim ? bytes.subarray(at, end) : Buffer.from(rewritten, 'latin1'));
    return end;
  }

  private decodeFrame(frame: Buffer, rewrite: ChunkRewriter): Buffer[] {
    const data = frameData(frame);
    if (data === undefined) return [];
    if (data === '[DONE]') {
      this.isOver = true;
      return [];
    }
    const event = parseEvent(data);
    if (!event) {
      this.malformedEvents += 1;
      return [];
    }
    const chunks = this.read(event);
    for (const chunk of chunks) this.observe(chunk);
    const [only, another] = chunks;
    if (only && !another) return this.forward({ frame, event, chunk: only }, rewrite);
    return chunks.flatMap((chunk) => {
      const rewritten = rewrite(chunk);
      return rewritten ? [encodeChunk(rewritten)] : [];
    });
  }

  private forward({ frame, event, chunk }: ReadFrame, rewrite: ChunkRewriter): Buffer[] {
    const rewritten = rewrite(chunk);
    if (!rewritten) return [];
    const received = frame.toString('latin1');
    // Only the plainest form may travel on as it came: an `id:` or `retry:` line would break clients.
    const isPlain = received.startsWith('data: ') && received.indexOf('\n') === received.length - 2;
    const sent = rewritten === event && isPlain ? frame : encodeChunk(rewritten);
    this.textFrame =
      TextFrame.learn({ frame: received, chunk }, { frame: sent.toString('latin1'), chunk: rewritten }) ??
      this.textFrame;
    return [sent];
  }
}

interface Cursor {
  readonly bytes: Buffer;
  readonly received: string;
  readonly at: number;
  readonly sent: Buffer[];
}

/** An event, and the one chunk that it means. */
interface ReadFrame {
  readonly frame: Buffer;
  readonly event: JsonObject;
  readonly chunk: ChatChunk;
}

function parseEvent(data: string): JsonObject | undefined {
  try {
    const event: unknown = JSON.parse(data);
    return isJsonObject(event) ? event : undefined;
  } catch {
    // Clients would die of it, so it is left out; the caller counts it.
    return undefined;
  }
}
