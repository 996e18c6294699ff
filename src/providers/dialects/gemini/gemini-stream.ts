import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall, ChatChunk, DialectTraits } from '../../dialect.js';
import { objects } from '../chat-chunk.js';
import { SseChatStream } from '../sse-chat-stream.js';
import { hidesReasoning } from '../translation/reasoning-wish.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { finishReason } from './finish-reason.js';
import { malformedCall, readGeminiFailure } from './gemini-failure.js';
import { PartReader } from './gemini-parts.js';
import { blockMessage, callId } from './gemini-reply.js';
import { readUsage } from './gemini-usage.js';
import { annotations } from './grounding.js';
import { logprobsOf } from './logprobs.js';

/** What is remembered of one candidate. */
interface OpenCandidate {
  readonly reader: PartReader;
  content: string;
  hasBegun: boolean;
}

/** Reads a stream of Google's replies, each of which holds the next parts. A reason for each candidate is its end. */
export class GeminiStreamDecoder extends SseChatStream {
  private readonly candidates = new Map<number, OpenCandidate>();
  private envelope: JsonObject;

  constructor(
    provider: DialectTraits,
    private readonly call: ChatCall,
  ) {
    const { n } = call.request.value;
    super(provider, typeof n === 'number' && n > 1 ? n : 1);
    const { requestId: id, createdAt: created, nativeModel: model } = call;
    this.envelope = { id, object: 'chat.completion.chunk', created, model };
  }

  protected read(event: JsonObject): readonly ChatChunk[] {
    const failure = event['error'] === undefined ? malformedCall(event) : readGeminiFailure(event);
    if (failure) {
      this.failure ??= failure;
      return [];
    }
    const { responseId: id = this.envelope['id'], modelVersion: model = this.envelope['model'] } = event;
    this.envelope = { ...this.envelope, id, model };
    const usage = objectMember(event, 'usageMetadata');
    if (usage) this.usage = readUsage(usage);
    const candidates = objects(event['candidates']);
    if (objectMember(event, 'promptFeedback')?.['blockReason'] !== undefined) return this.blocked(event);
    return candidates.length > 0 ? candidates.flatMap((one, at) => this.readCandidate(one, at)) : this.figures();
  }

  private readCandidate(candidate: JsonObject, at: number): ChatChunk[] {
    const index = typeof candidate['index'] === 'number' ? candidate['index'] : at;
    const open = this.openCandidate(index);
    const deltas = objects(objectMember(candidate, 'content')?.['parts']).flatMap((part) => open.reader.read(part));
    const isEnd = typeof candidate['finishReason'] === 'string';
    if (isEnd) deltas.push(...open.reader.closed());
    for (const { content } of deltas) if (typeof content === 'string') open.content += content;
    const cited = annotations(objectMember(candidate, 'groundingMetadata'), open.content);
    if (cited.length > 0) deltas.push({ annotations: cited });
    const chunks = deltas.map((delta) => this.chunk(index, this.withRole(open, delta), logprobsOf(candidate)));
    return isEnd
      ? [...chunks, this.lastChunk(index, finishReason(candidate['finishReason'], open.reader.hasCalls))]
      : chunks;
  }

  private openCandidate(index: number): OpenCandidate {
    const known = this.candidates.get(index);
    if (known) return known;
    const isHidden = hidesReasoning(this.call.request.value);
    const reader = new PartReader((number) => callId(this.call, index, number), isHidden);
    const opened = { reader, content: '', hasBegun: false };
    this.candidates.set(index, opened);
    return opened;
  }

  private withRole(open: OpenCandidate, delta: JsonObject): JsonObject {
    if (open.hasBegun) return delta;
    open.hasBegun = true;
    return { role: 'assistant', ...delta };
  }

  /** Google refused the prompt: nothing will follow. */
  private blocked(event: JsonObject): ChatChunk[] {
    this.isOver = true;
    const refusal = { role: 'assistant', content: '', refusal: blockMessage(event) };
    return [this.chunk(0, refusal, null), this.lastChunk(0, 'content_filter')];
  }

  /** Figures that came by themselves. */
  private figures(): ChatChunk[] {
    return this.usage ? [{ ...this.envelope, choices: [], usage: openAiUsage(this.usage) }] : [];
  }

  private chunk(index: number, delta: JsonObject, logprobs: JsonObject | null): ChatChunk {
    return { ...this.envelope, choices: [{ index, delta, logprobs, finish_reason: null }] };
  }

  private lastChunk(index: number, reason: string): ChatChunk {
    const choices = [{ index, delta: {}, logprobs: null, finish_reason: reason }];
    return { ...this.envelope, choices, ...(this.usage && { usage: openAiUsage(this.usage) }) };
  }
}
