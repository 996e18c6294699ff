import { isJsonObject, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatChunk, ChatStreamDecoder, ChunkRewriter, DialectTraits, FailureDetails } from '../../dialect.js';
import type { TokenUsage } from '../../token-usage.js';
import { UndecodableReplyError } from '../../upstream-errors.js';
import { readFailure } from './openai-failure.js';
import { hasContent, objects, writtenText } from './openai-chunk.js';
import { readUsage, usageObject } from './openai-usage.js';
import { frameEnd, frameData } from './sse-frame.js';
import { TextFrame } from './text-frame.js';
import { WrittenText } from './written-text.js';

/** A frame that grows beyond this is no event of a chat. */
const LARGEST_FRAME_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Reads a stream of `chat.completion.chunk`s; what the client gets as it came is handed on as the same bytes. */
export class OpenAiStreamDecoder implements ChatStreamDecoder {
  hasContent = false;
  usage: TokenUsage | undefined;
  failure: FailureDetails | undefined;
  malformedEvents = 0;
  /** `[DONE]` has come. */
  isOver = false;
  private readonly endedChoices = new Set<unknown>();
  private readonly written = new WrittenText();
  private textFrame: TextFrame | undefined;
  private unfinished: Buffer[] = [];
  private unfinishedBytes = 0;

  constructor(
    private readonly provider: DialectTraits,
    private readonly expectedChoices: number,
  ) {}

  /** `[DONE]`, or an end for each choice: some servers send only the one, some only the other. */
  get isTerminated(): boolean {
    return this.isOver || this.endedChoices.size >= this.expectedChoices;
  }

  get writtenTokens(): number {
    return this.written.tokens;
  }

  text(): string {
    return this.written.toString();
  }

  decode(piece: Buffer, rewrite: ChunkRewriter): Buffer[] {
    const bytes = this.withUnfinished(piece);
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
      const out = this.decodeFrame(bytes.subarray(at, end), rewrite);
      if (out) sent.push(out);
      at = end;
    }
    this.keepUnfinished(bytes.subarray(at));
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

  private decodeFrame(frame: Buffer, rewrite: ChunkRewriter): Buffer | undefined {
    const data = frameData(frame);
    if (data === undefined) return undefined;
    if (data === '[DONE]') {
      this.isOver = true;
      return undefined;
    }
    const chunk = parseChunk(data);
    if (!chunk) {
      this.malformedEvents += 1;
      return undefined;
    }
    if (chunk['error'] !== undefined && chunk['error'] !== null) {
      this.failure ??= readFailure(chunk);
      return undefined;
    }
    this.observe(chunk);
    return this.forward(frame, chunk, rewrite);
  }

  private forward(frame: Buffer, chunk: ChatChunk, rewrite: ChunkRewriter): Buffer | undefined {
    const rewritten = rewrite(chunk);
    if (!rewritten) return undefined;
    const received = frame.toString('latin1');
    // Only the plainest form may travel on as it came: an `id:` or `retry:` line would break clients.
    const isPlain = received.startsWith('data: ') && received.indexOf('\n') === received.length - 2;
    const sent = rewritten === chunk && isPlain ? frame : encodeChunk(rewritten);
    this.textFrame =
      TextFrame.learn({ frame: received, chunk }, { frame: sent.toString('latin1'), chunk: rewritten }) ??
      this.textFrame;
    return sent;
  }

  private observe(chunk: ChatChunk): void {
    const usage = usageObject(chunk, this.provider);
    if (usage) this.usage = readUsage(usage, this.provider);
    for (const choice of objects(chunk['choices'])) {
      this.written.add(writtenText(choice));
      const isEnd = typeof choice['finish_reason'] === 'string';
      if (isEnd) this.endedChoices.add(choice['index'] ?? 0);
      this.hasContent ||= isEnd || hasContent(choice);
    }
  }

  /** The bytes so far, or undefined while a long event is still on its way: joining it anew each time would cost. */
  private withUnfinished(piece: Buffer): Buffer | undefined {
    if (this.unfinishedBytes === 0) return piece;
    if (!piece.includes(NEWLINE)) {
      this.keepUnfinished(piece);
      return undefined;
    }
    const bytes = Buffer.concat([...this.unfinished, piece]);
    this.unfinished = [];
    this.unfinishedBytes = 0;
    return bytes;
  }

  private keepUnfinished(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.unfinished.push(bytes);
    this.unfinishedBytes += bytes.length;
    if (this.unfinishedBytes > LARGEST_FRAME_BYTES) {
      throw new UndecodableReplyError(`${this.provider.id} sent an event without an end.`);
    }
  }
}

interface Cursor {
  readonly bytes: Buffer;
  readonly received: string;
  readonly at: number;
  readonly sent: Buffer[];
}

export function encodeChunk(chunk: ChatChunk): Buffer {
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
}

function parseChunk(data: string): JsonObject | undefined {
  try {
    const chunk: unknown = JSON.parse(data);
    return isJsonObject(chunk) ? chunk : undefined;
  } catch {
    // Clients would die of it, so it is left out; the caller counts it.
    return undefined;
  }
}
