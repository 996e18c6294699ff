import { createHash } from 'node:crypto';
import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';
import { readArguments } from '../translation/call-arguments.js';
import type { BedrockTraits } from './bedrock-traits.js';
import { cachePoint, contentBlocks } from './content-blocks.js';
import { reasoningBlocks, type ThoughtFormat } from './reasoning-details.js';

/** One side's turn of a conversation. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

export interface Prompt {
  readonly system: readonly JsonObject[];
  readonly turns: readonly Turn[];
}

/** What of the model decides how messages are written for it. */
export interface Reader {
  readonly traits: BedrockTraits;
  readonly thoughts: ThoughtFormat;
}

const SHORT_ID = /^[a-zA-Z0-9]{9}$/;

/**
 * OpenAI's messages in Converse's order: what the system or the developer says stands apart, messages of one side in a
 * row are one turn, and results of tools are the user's.
 * @throws InvalidRequestError naming the message that cannot be translated
 */
export function readPrompt(messages: unknown, reader: Reader): Prompt {
  const writer = new TurnWriter(reader);
  for (const [index, message] of objects(messages).entries()) writer.write(message, `messages.${index}`);
  return writer.prompt();
}

class TurnWriter {
  private readonly system: JsonObject[] = [];
  private readonly turns: Turn[] = [];

  constructor(private readonly reader: Reader) {}

  write(message: JsonObject, param: string): void {
    const { role } = message;
    if (role === 'system' || role === 'developer') this.system.push(...this.spoken(message, param));
    else if (role === 'user') this.append({ role, content: this.spoken(message, param) });
    else if (role === 'tool') this.append({ role: 'user', content: this.toolResult(message, param) });
    else if (role === 'assistant') this.append({ role, content: this.answer(message, param) });
    else
      throw new InvalidRequestError(
        `Bedrock knows no messages of "${String(role)}".`,
        `${param}.role`,
        'invalid_value',
      );
  }

  prompt(): Prompt {
    trimEnd(this.turns);
    return { system: this.system, turns: this.turns };
  }

  /** Sides must take turns, and none may be silent. */
  private append({ role, content }: Turn): void {
    if (content.length === 0) return;
    const last = this.turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else this.turns.push({ role, content });
  }

  /** A mark of the message's own stands behind its last block. */
  private spoken(message: JsonObject, param: string): JsonObject[] {
    return this.withMarks([...contentBlocks(message['content'], param), ...cachePoint(message)]);
  }

  /** Thoughts come first: the model wants them back where they stood. */
  private answer(message: JsonObject, param: string): JsonObject[] {
    const calls = objects(message['tool_calls']);
    return [
      ...reasoningBlocks(message['reasoning_details'], this.reader.thoughts),
      ...this.spoken(message, param),
      ...contentBlocks(message['refusal'], param),
      ...calls.map((call, index) => this.toolUse(call, `${param}.tool_calls.${index}`)),
    ];
  }

  private toolUse(call: JsonObject, param: string): JsonObject {
    const { name, arguments: given } = objectMember(call, 'function') ?? {};
    const input = readArguments(given);
    if (input) return { toolUse: { toolUseId: this.callId(call['id']), name, input } };
    throw new InvalidRequestError('Arguments of a function must be a JSON object.', param, 'invalid_value');
  }

  /** Marks within a result stand behind it as a whole. */
  private toolResult(message: JsonObject, param: string): JsonObject[] {
    const blocks = contentBlocks(message['content'], param);
    const content = blocks.filter((block) => !('cachePoint' in block));
    const isMarked = content.length < blocks.length || cachePoint(message).length > 0;
    const result = { toolResult: { toolUseId: this.callId(message['tool_call_id']), content } };
    return this.withMarks(isMarked ? [result, ...cachePoint({ cache_control: true })] : [result]);
  }

  /** Models that cache nothing refuse the marks; so does everybody where nothing stands before them. */
  private withMarks(blocks: readonly JsonObject[]): JsonObject[] {
    const isKept = (block: JsonObject, at: number): boolean =>
      !('cachePoint' in block) ||
      (this.reader.traits.cachesPrompts && at > 0 && !('cachePoint' in (blocks[at - 1] ?? {})));
    return blocks.filter(isKept);
  }

  /** Other providers write ids that Amazon, or the model, refuses; a call and its result have the same one. */
  private callId(given: unknown): string {
    const id = String(given);
    if (!this.reader.traits.hasShortCallIds) return id.replace(/[^\w-]/g, '_').slice(0, 64);
    return SHORT_ID.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
  }
}

/** The beginning of an answer may not end in white space. */
function trimEnd(turns: Turn[]): void {
  const last = turns.at(-1);
  const text = last?.content.at(-1)?.['text'];
  if (last?.role !== 'assistant' || typeof text !== 'string') return;
  last.content[last.content.length - 1] = { text: text.trimEnd() };
}
