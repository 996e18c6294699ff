import type { ChatChunk, ChatStreamDecoder, ChunkRewriter, DialectTraits, FailureDetails } from '../dialect.js';
import type { TokenUsage } from '../token-usage.js';
import { hasContent, objects, writtenText } from './chat-chunk.js';
import { WrittenText } from './written-text.js';

/** What is known of a stream of chunks, whatever form they came in. How the bytes are read is a dialect's own. */
export abstract class ChatStream implements ChatStreamDecoder {
  hasContent = false;
  usage: TokenUsage | undefined;
  failure: FailureDetails | undefined;
  malformedEvents = 0;
  isOver = false;
  protected readonly written = new WrittenText();
  private readonly endedChoices = new Set<unknown>();

  constructor(
    protected readonly provider: DialectTraits,
    private readonly expectedChoices: number,
  ) {}

  abstract decode(piece: Buffer, rewrite: ChunkRewriter): Buffer[];

  /** The provider's own end, or a reason for each choice: some servers send only the one, some only the other. */
  get isTerminated(): boolean {
    return this.isOver || this.endedChoices.size >= this.expectedChoices;
  }

  get writtenTokens(): number {
    return this.written.tokens;
  }

  text(): string {
    return this.written.toString();
  }

  /** Takes note of a chunk before it is sent. */
  protected observe(chunk: ChatChunk): void {
    for (const choice of objects(chunk['choices'])) {
      this.written.add(writtenText(choice));
      const isEnd = typeof choice['finish_reason'] === 'string';
      if (isEnd) this.endedChoices.add(choice['index'] ?? 0);
      this.hasContent ||= isEnd || hasContent(choice);
    }
  }
}

/** A chunk as clients read it. */
export function encodeChunk(chunk: ChatChunk): Buffer {
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
}
