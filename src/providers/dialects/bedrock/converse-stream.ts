import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall, ChatChunk, ChunkRewriter, DialectTraits } from '../../dialect.js';
import { AnswerBlock, IGNORED_BLOCK, ToolCallBlock, type StreamBlock } from '../anthropic/stream-blocks.js';
import type { WantedReply } from '../anthropic/wanted-reply.js';
import { ChatStream, encodeChunk } from '../chat-stream.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { malformedOutput, readConverseFailure } from './converse-failure.js';
import { isCallersTool } from './converse-reply.js';
import { readUsage } from './converse-usage.js';
import { EventMessages, type EventMessage } from './event-messages.js';
import { finishReason } from './finish-reason.js';
import { thoughtFormat } from './reasoning-details.js';
import { SpokenBlock } from './stream-blocks.js';
import { wantedReply } from './wanted-reply.js';

type EventReader = (event: JsonObject) => readonly ChatChunk[];

/** Reads the event stream of Converse. The reason of the end and the figures come in any order; both are the end. */
export class ConverseStreamDecoder extends ChatStream {
  private readonly readers: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
    ['messageStart', () => this.chunks([{ content: '' }])],
    ['contentBlockStart', (event) => this.beginBlock(event)],
    ['contentBlockDelta', (event) => this.readDelta(event)],
    ['contentBlockStop', (event) => this.endBlock(event)],
    ['messageStop', (event) => this.endMessage(event)],
    ['metadata', (event) => this.report(event)],
  ]);
  private readonly messages = new EventMessages();
  private readonly spoken = new Map<unknown, SpokenBlock>();
  private readonly called = new Map<unknown, StreamBlock>();
  private readonly envelope: JsonObject;
  private readonly wanted: WantedReply;
  private hasBegun = false;
  private hasEnded = false;
  private isAnswered = false;
  private thoughts = 0;
  private toolCalls = 0;
  private contentLength = 0;
  /** Where the answer is to come by a tool, text may be only what leads up to it. */
  private heldText = '';

  constructor(provider: DialectTraits, call: ChatCall) {
    super(provider, 1);
    const { requestId: id, createdAt: created, nativeModel: model } = call;
    this.envelope = { id, object: 'chat.completion.chunk', created, model };
    this.wanted = wantedReply(call);
  }

  decode(piece: Buffer, rewrite: ChunkRewriter): Buffer[] {
    const sent: Buffer[] = [];
    for (const message of this.messages.read(piece)) {
      for (const chunk of this.readMessage(message)) {
        this.observe(chunk);
        const rewritten = rewrite(chunk);
        if (rewritten) sent.push(encodeChunk(rewritten));
      }
    }
    if (this.messages.isBroken) this.failure ??= brokenStream(this.provider.id);
    return sent;
  }

  private readMessage({ headers, payload }: EventMessage): readonly ChatChunk[] {
    const event = parsePayload(payload);
    const exception = headers.get(':exception-type') ?? headers.get(':error-code');
    const type = exception ?? headers.get(':event-type') ?? '';
    if (exception !== undefined || type.endsWith('Exception')) {
      this.failure ??= readConverseFailure({ message: headers.get(':error-message'), ...event }, type);
      return [];
    }
    if (event) return this.readers.get(type)?.(event) ?? [];
    this.malformedEvents += 1;
    return [];
  }

  private beginBlock({ contentBlockIndex: index, start }: JsonObject): readonly ChatChunk[] {
    const toolUse = isJsonObject(start) ? objectMember(start, 'toolUse') : undefined;
    if (!toolUse) return [];
    const block = this.blockFor(toolUse);
    this.called.set(index, block);
    return this.chunks(block.begin({ id: toolUse['toolUseId'], name: toolUse['name'] }));
  }

  private blockFor(toolUse: JsonObject): StreamBlock {
    if (!isCallersTool(toolUse)) return IGNORED_BLOCK;
    if (toolUse['name'] !== this.wanted.answerTool) return new ToolCallBlock(this.toolCalls++);
    if (this.isAnswered) return IGNORED_BLOCK;
    this.isAnswered = true;
    return new AnswerBlock();
  }

  private readDelta(event: JsonObject): readonly ChatChunk[] {
    const { contentBlockIndex: index } = event;
    const delta = objectMember(event, 'delta') ?? {};
    const toolUse = objectMember(delta, 'toolUse');
    if (toolUse) return this.chunks(this.called.get(index)?.read({ partial_json: toolUse['input'] }) ?? []);
    return this.chunks(this.forTheClient(this.spokenBlock(index).read(delta)));
  }

  private spokenBlock(index: unknown): SpokenBlock {
    const known = this.spoken.get(index);
    if (known) return known;
    const format = thoughtFormat(String(this.envelope['model']));
    const block = new SpokenBlock({ contentLength: () => this.contentLength, thoughtIndex: this.thoughts, format });
    this.spoken.set(index, block);
    return block;
  }

  private endBlock({ contentBlockIndex: index }: JsonObject): readonly ChatChunk[] {
    const [spoken, called] = [this.spoken.get(index), this.called.get(index)];
    this.spoken.delete(index);
    this.called.delete(index);
    if (spoken?.isThought) this.thoughts += 1;
    return this.chunks([...this.forTheClient(spoken?.end() ?? []), ...(called?.end() ?? [])]);
  }

  private endMessage({ stopReason }: JsonObject): readonly ChatChunk[] {
    this.failure ??= malformedOutput(stopReason);
    if (this.failure) return [];
    this.hasEnded = true;
    this.isOver = this.usage !== undefined;
    const isAnswerOnly = this.isAnswered && this.toolCalls === 0;
    const reason = isAnswerOnly ? 'stop' : finishReason(stopReason);
    const held = this.heldText !== '' && !this.isAnswered ? [{ content: this.heldText }] : [];
    return [...this.chunks(held), this.lastChunk(reason)];
  }

  private report(event: JsonObject): readonly ChatChunk[] {
    const figures = objectMember(event, 'usage');
    if (figures) this.usage = readUsage(figures);
    this.isOver = this.hasEnded;
    return this.hasEnded && this.usage ? [{ ...this.envelope, choices: [], usage: openAiUsage(this.usage) }] : [];
  }

  /** Without thoughts that are hidden, and without text that may not be the answer. */
  private forTheClient(deltas: readonly JsonObject[]): readonly JsonObject[] {
    const shown = this.wanted.hidesReasoning ? deltas.filter((delta) => !('reasoning_details' in delta)) : deltas;
    if (this.wanted.answerTool === undefined) return shown;
    for (const { content } of shown) if (typeof content === 'string') this.heldText += content;
    return shown.filter((delta) => !('content' in delta));
  }

  private chunks(deltas: readonly JsonObject[]): ChatChunk[] {
    return deltas.map((delta) => {
      if (typeof delta['content'] === 'string') this.contentLength += delta['content'].length;
      const shown = this.hasBegun ? delta : { role: 'assistant', ...delta };
      this.hasBegun = true;
      return { ...this.envelope, choices: [{ index: 0, delta: shown, logprobs: null, finish_reason: null }] };
    });
  }

  private lastChunk(reason: string): ChatChunk {
    const delta = this.hasBegun ? {} : { role: 'assistant' };
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: reason }];
    return { ...this.envelope, choices, ...(this.usage && { usage: openAiUsage(this.usage) }) };
  }
}

function parsePayload(payload: Buffer): JsonObject | undefined {
  try {
    const event: unknown = JSON.parse(payload.toString('utf8'));
    return isJsonObject(event) ? event : undefined;
  } catch {
    // Its checksum is right, so that what follows can be read; the caller counts it.
    return undefined;
  }
}

function brokenStream(providerId: string) {
  return { message: `${providerId} sent a broken event stream.`, type: 'broken_stream', code: null, param: null };
}
