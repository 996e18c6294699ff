import { InvalidRequestError } from '../../../platform/errors/request-errors.js';
import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';
import { readArguments } from '../translation/call-arguments.js';
import { cacheControl, contentBlocks } from './content-blocks.js';
import { thinkingBlocks } from './reasoning-details.js';

/** One side's turn of a conversation. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

export interface Prompt {
  readonly system: readonly JsonObject[];
  readonly turns: readonly Turn[];
}

/**
 * OpenAI's messages in Anthropic's order: what the system or the developer says stands before everything else, messages
 * of one side in a row are one turn, and results of tools are the user's.
 * @throws InvalidRequestError naming the message that cannot be translated
 */
export function readPrompt(messages: unknown): Prompt {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of objects(messages).entries()) {
    const param = `messages.${index}`;
    if (isInstruction(message)) system.push(...spoken(message, param));
    else append(turns, turnOf(message, param));
  }
  trimEnd(turns.at(-1));
  return { system, turns: turns.filter(({ content }) => content.length > 0) };
}

/** The last that happened is that tools were called, without a thought, and answered. */
export function isAmidThoughtlessTurn(turns: readonly Turn[]): boolean {
  const [calls, results] = turns.slice(-2);
  if (!results?.content.some(({ type }) => type === 'tool_result')) return false;
  return calls?.content.some(({ type }) => type === 'thinking' || type === 'redacted_thinking') === false;
}

function isInstruction({ role }: JsonObject): boolean {
  return role === 'system' || role === 'developer';
}

function turnOf(message: JsonObject, param: string): Turn {
  const { role } = message;
  if (role === 'user') return { role, content: spoken(message, param) };
  if (role === 'tool') return { role: 'user', content: [toolResult(message, param)] };
  if (role === 'assistant') return { role, content: assistantBlocks(message, param) };
  throw new InvalidRequestError(`Anthropic knows no messages of "${String(role)}".`, `${param}.role`, 'invalid_value');
}

function append(turns: Turn[], turn: Turn): void {
  const last = turns.at(-1);
  if (last?.role === turn.role) last.content.push(...turn.content);
  else turns.push(turn);
}

/** Thoughts come first: Anthropic wants them back where they stood. */
function assistantBlocks(message: JsonObject, param: string): JsonObject[] {
  return [
    ...thinkingBlocks(message['reasoning_details']),
    ...spoken(message, param),
    ...contentBlocks(message['refusal'], param),
    ...objects(message['tool_calls']).map((call, index) => toolUse(call, `${param}.tool_calls.${index}`)),
  ];
}

function toolUse(call: JsonObject, param: string): JsonObject {
  const { name, arguments: given } = objectMember(call, 'function') ?? {};
  const input = readArguments(given);
  if (input) return { type: 'tool_use', id: callId(call['id']), name, input, ...cacheControl(call) };
  throw new InvalidRequestError('Arguments of a function must be a JSON object.', param, 'invalid_value');
}

/** Anthropic caches results as a whole: the mark of a part is the result's. */
function toolResult(message: JsonObject, param: string): JsonObject {
  const blocks = contentBlocks(message['content'], param);
  const marks = [message, ...blocks].map(cacheControl).find((mark) => 'cache_control' in mark);
  const content = blocks.map((block) => ({ ...block, cache_control: undefined }));
  return { type: 'tool_result', tool_use_id: callId(message['tool_call_id']), content, ...marks };
}

/** Other providers write ids with characters that Anthropic refuses. */
function callId(given: unknown): string {
  return String(given).replace(/[^\w-]/g, '_');
}

/** A mark of the message's own stands for its last block. */
function spoken(message: JsonObject, param: string): JsonObject[] {
  const blocks = contentBlocks(message['content'], param);
  const last = blocks.at(-1);
  return last ? [...blocks.slice(0, -1), { ...last, ...cacheControl(message) }] : blocks;
}

/** Anthropic refuses the beginning of an answer that ends in white space. */
function trimEnd(turn: Turn | undefined): void {
  const text = turn?.role === 'assistant' ? turn.content.at(-1)?.['text'] : undefined;
  if (!turn || typeof text !== 'string') return;
  const trimmed = text.trimEnd();
  const last = turn.content.pop();
  if (trimmed !== '') turn.content.push({ ...last, text: trimmed });
}
