import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall, ChatChunk, ChunkRewriter, DialectTraits } from '../../dialect.js';
import type { TokenUsage } from '../../token-usage.js';
import { objects, writtenText } from '../chat-chunk.js';
import { SseChatStream } from '../sse-chat-stream.js';
import { readAnthropicFailure } from './anthropic-failure.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { laterUsage, readUsage } from './anthropic-usage.js';
import { finishReason } from './finish-reason.js';
import {
  AnswerBlock,
  IGNORED_BLOCK,
  TextBlock,
  ThinkingBlock,
  ToolCallBlock,
  type StreamBlock,
} from './stream-blocks.js';
import type { WantedReply } from './wanted-reply.js';

type EventReader = (event: JsonObject) => readonly ChatChunk[];

/** Reads a stream of Anthropic's message events. Only `message_stop` is its end: a reason alone may yet change. */
export class AnthropicStreamDecoder extends SseChatStream {
  private readonly readers: ReadonlyMap<unknown, EventReader> = new Map<unknown, EventReader>([
    ['message_start', (event) => this.beginMessage(event)],
    ['content_block_start', (event) => this.beginBlock(event)],
    ['content_block_delta', (event) => this.readDelta(event)],
    ['content_block_stop', (event) => this.endBlock(event)],
    ['message_delta', (event) => this.changeMessage(event)],
    ['message_stop', () => this.endMessage()],
    ['error', (event) => this.fail(event)],
  ]);
  private readonly blocks = new Map<unknown, StreamBlock>();
  private envelope: JsonObject;
  private reportedUsage: JsonObject | undefined;
  private isUsageFinal = false;
  private stopReason: unknown;
  private refusal: unknown;
  private thoughts = 0;
  private toolCalls = 0;
  private isAnswered = false;
  private hasBegun = false;
  /** Where the answer is to come by a tool, text may be only what leads up to it. */
  private heldText = '';
  /** Characters written that are not content. */
  private otherLength = 0;

  constructor(
    provider: DialectTraits,
    call: ChatCall,
    private readonly wanted: WantedReply,
  ) {
    super(provider, 1);
    const { requestId: id, createdAt: created, nativeModel: model } = call;
    this.envelope = { id, object: 'chat.completion.chunk', created, model };
  }

  /** Until the last figures come, what the model wrote is counted: a stream given up early has cost more than nothing. */
  override decode(piece: Buffer, rewrite: ChunkRewriter): Buffer[] {
    const sent = super.decode(piece, rewrite);
    if (this.usage && !this.isUsageFinal) this.usage = { ...this.usage, output: this.writtenTokens };
    return sent;
  }

  protected read(event: JsonObject): readonly ChatChunk[] {
    return this.readers.get(event['type'])?.(event) ?? [];
  }

  private beginMessage(event: JsonObject): readonly ChatChunk[] {
    this.hasBegun = true;
    const message = objectMember(event, 'message') ?? {};
    const { id = this.envelope['id'], model = this.envelope['model'] } = message;
    this.envelope = { ...this.envelope, id, model };
    this.report(objectMember(message, 'usage'));
    const opening = this.chunk({ role: 'assistant', content: '' });
    // Code that runs at the provider may call tools before anything is said: those stand here as a whole.
    const blocks = objects(message['content']).map((block) => ({ block, reader: this.readerFor(block) }));
    return [opening, ...blocks.flatMap(({ block, reader }) => this.chunks([...reader.begin(block), ...reader.end()]))];
  }

  private beginBlock({ index, content_block: given }: JsonObject): readonly ChatChunk[] {
    const [block] = objects([given]);
    if (!block) return [];
    const reader = this.readerFor(block);
    this.blocks.set(index, reader);
    return this.chunks(reader.begin(block));
  }

  private readerFor({ type, name }: JsonObject): StreamBlock {
    switch (type) {
      case 'text':
      case 'compaction':
        return this.wanted.answerTool === undefined ? new TextBlock(() => this.contentLength) : this.heldBlock();
      case 'thinking':
      case 'redacted_thinking':
        return this.wanted.hidesReasoning ? IGNORED_BLOCK : new ThinkingBlock(this.thoughts++);
      case 'tool_use':
        return name === this.wanted.answerTool ? this.answerBlock() : new ToolCallBlock(this.toolCalls++);
      default:
        return IGNORED_BLOCK;
    }
  }

  private heldBlock(): StreamBlock {
    const hold = ({ text }: JsonObject) => {
      if (typeof text === 'string') this.heldText += text;
      return [];
    };
    return { begin: hold, read: hold, end: () => [] };
  }

  private answerBlock(): StreamBlock {
    if (this.isAnswered) return IGNORED_BLOCK;
    this.isAnswered = true;
    return new AnswerBlock();
  }

  private readDelta(event: JsonObject): readonly ChatChunk[] {
    const reader = this.blocks.get(event['index']);
    return reader ? this.chunks(reader.read(objectMember(event, 'delta') ?? {})) : [];
  }

  private endBlock({ index }: JsonObject): readonly ChatChunk[] {
    const reader = this.blocks.get(index);
    this.blocks.delete(index);
    return reader ? this.chunks(reader.end()) : [];
  }

  private changeMessage(event: JsonObject): readonly ChatChunk[] {
    const delta = objectMember(event, 'delta') ?? {};
    this.stopReason = delta['stop_reason'] ?? this.stopReason;
    this.refusal = objectMember(delta, 'stop_details')?.['explanation'] ?? this.refusal;
    this.isUsageFinal = true;
    this.report(objectMember(event, 'usage'));
    return [];
  }

  private endMessage(): readonly ChatChunk[] {
    this.isOver = true;
    // Nothing began: there is nothing to end.
    if (!this.hasBegun && this.stopReason === undefined) return [];
    const isAnswerOnly = this.isAnswered && this.toolCalls === 0;
    const reason = isAnswerOnly ? 'stop' : finishReason(this.stopReason);
    const held = this.heldText !== '' && !this.isAnswered ? [{ content: this.heldText }] : [];
    const refused = typeof this.refusal === 'string' ? [{ refusal: this.refusal }] : [];
    return [...this.chunks([...held, ...refused]), this.lastChunk(reason)];
  }

  private fail(event: JsonObject): readonly ChatChunk[] {
    this.failure ??= readAnthropicFailure(event);
    return [];
  }

  private report(usage: JsonObject | undefined): void {
    if (!usage) return;
    this.reportedUsage = laterUsage(this.reportedUsage ?? {}, usage);
    this.usage = readUsage(this.reportedUsage);
  }

  private get contentLength(): number {
    return this.text().length - this.otherLength;
  }

  private chunks(deltas: readonly JsonObject[]): ChatChunk[] {
    return deltas.map((delta) => this.chunk(delta));
  }

  private chunk(delta: JsonObject): ChatChunk {
    const choice = { index: 0, delta, logprobs: null, finish_reason: null };
    if (!('content' in delta)) this.otherLength += writtenText(choice).length;
    return { ...this.envelope, choices: [choice] };
  }

  private lastChunk(reason: string): ChatChunk {
    const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: reason }];
    return { ...this.envelope, choices, ...usageMember(this.usage) };
  }
}

function usageMember(usage: TokenUsage | undefined): JsonObject {
  return usage ? { usage: openAiUsage(usage) } : {};
}
