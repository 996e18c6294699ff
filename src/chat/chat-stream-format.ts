import type { Ending, StreamFormat } from '../inference/reply-format.js';
import { errorBody, type ErrorDescription } from '../platform/http/error-description.js';
import { isJsonObject, objectMember, type JsonObject } from '../platform/json/json-document.js';
import type { ChatChunk } from '../providers/dialect.js';
import { ToolCallIndexes } from './tool-call-indexes.js';
import { showUsage } from './usage-view.js';

const DONE = 'data: [DONE]\n\n';

/** What the gateway remembers of one choice of a stream. */
interface OpenChoice {
  readonly tools: ToolCallIndexes;
  hasBegun: boolean;
  hasCalledTools: boolean;
  isFinished: boolean;
}

/**
 * What clients get of a stream of `chat.completion.chunk`s: a role first and a reason at the end of each choice, tool
 * calls with their own indexes, and usage where it was asked for and nowhere else. A chunk that is all right already
 * is the same object, so that its bytes can travel on.
 */
export class ChatStreamFormat implements StreamFormat {
  private readonly choices = new Map<unknown, OpenChoice>();
  /** Members that every chunk of the stream has alike, for those that we add. */
  private envelope: JsonObject = { id: '', object: 'chat.completion.chunk', created: 0, model: '' };
  private hasEnvelope = false;
  private usage: JsonObject | undefined;

  constructor(private readonly isUsageWanted: boolean) {}

  readonly rewrite = (chunk: ChatChunk): ChatChunk | undefined => {
    this.remember(chunk);
    const given = Array.isArray(chunk['choices']) ? chunk['choices'].filter(isJsonObject) : [];
    // The usage chunk: ours comes at the end, once the call is settled.
    if (given.length === 0) return undefined;
    const choices = given.map((choice) => this.rewriteChoice(choice));
    const isSame = choices.every((choice, index) => choice === given[index]);
    return this.withUsageRule(isSame ? chunk : { ...chunk, choices });
  };

  completed(ending: Ending): string {
    return this.missingEnds() + this.lastChunk(ending) + DONE;
  }

  failed(ending: Ending, error: ErrorDescription, requestId: string): string {
    return `${this.lastChunk(ending)}data: ${JSON.stringify(errorBody(error, requestId))}\n\n${DONE}`;
  }

  private remember(chunk: ChatChunk): void {
    const usage = objectMember(chunk, 'usage');
    if (usage) this.usage = usage;
    if (this.hasEnvelope) return;
    const { id = '', created = 0, model = '' } = chunk;
    this.envelope = { id, object: 'chat.completion.chunk', created, model };
    this.hasEnvelope = true;
  }

  private rewriteChoice(choice: JsonObject): JsonObject {
    const open = this.openChoice(choice['index'] ?? 0);
    const isFirst = !open.hasBegun;
    open.hasBegun = true;
    if (typeof choice['finish_reason'] === 'string') open.isFinished = true;
    const given = objectMember(choice, 'delta');
    const delta = given ?? {};
    const additions: JsonObject = {};
    if (isFirst && typeof delta['role'] !== 'string') additions['role'] = 'assistant';
    const toolCalls = rewriteToolCalls(delta, open);
    if (toolCalls) additions['tool_calls'] = toolCalls;
    const isComplete = given !== undefined && Object.keys(additions).length === 0;
    return isComplete ? choice : { ...choice, delta: { ...delta, ...additions } };
  }

  private openChoice(index: unknown): OpenChoice {
    const known = this.choices.get(index);
    if (known) return known;
    const opened = { tools: new ToolCallIndexes(), hasBegun: false, hasCalledTools: false, isFinished: false };
    this.choices.set(index, opened);
    return opened;
  }

  /** `usage: null` on every chunk where usage was asked for; no such member where it was not. */
  private withUsageRule(chunk: ChatChunk): ChatChunk {
    if (this.isUsageWanted) return chunk['usage'] === null ? chunk : { ...chunk, usage: null };
    if (!('usage' in chunk)) return chunk;
    const rest = { ...chunk };
    delete rest['usage'];
    return rest;
  }

  private missingEnds(): string {
    const unfinished = [...this.choices].filter(([, { isFinished }]) => !isFinished);
    return unfinished
      .map(([index, { hasCalledTools }]) => {
        const choice = { index, delta: {}, finish_reason: hasCalledTools ? 'tool_calls' : 'stop' };
        return encode(this.withUsageRule({ ...this.envelope, choices: [choice] }));
      })
      .join('');
  }

  /** Usage and trace, where they were asked for. */
  private lastChunk({ bill, trace }: Ending): string {
    if (!this.isUsageWanted && !trace) return '';
    return encode({
      ...this.envelope,
      choices: [],
      ...(this.isUsageWanted && { usage: showUsage(this.usage, bill) }),
      ...(trace && { gatewayz: trace }),
    });
  }
}

/** Undefined when there are none, or none that need a change. */
function rewriteToolCalls(delta: JsonObject, open: OpenChoice): JsonObject[] | undefined {
  const given = delta['tool_calls'];
  if (!Array.isArray(given) || given.length === 0) return undefined;
  open.hasCalledTools = true;
  const fragments = given.filter(isJsonObject);
  const rewritten = fragments.map((fragment) => open.tools.rewrite(fragment));
  return rewritten.every((fragment, index) => fragment === fragments[index]) ? undefined : rewritten;
}

function encode(chunk: JsonObject): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
