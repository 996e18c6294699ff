import { type JsonObject, isObject, memberOf, objectsIn, textOr } from './json.js';
import { type ModelAliases, type ModelId, findModel } from './models.js';
import { badParameter, missingParameter, modelNotFound } from './refusal.js';

export type ToolChoice = 'none' | 'auto' | 'required' | { readonly name: string };
export type ReplyFormat = { readonly kind: 'text' | 'json' } | { readonly kind: 'schema'; readonly schema: unknown };

/** What the sandbox understands of a chat completion request; everything else is ignored, as real providers do. */
export interface ChatRequest {
  readonly model: ModelId;
  readonly messages: readonly JsonObject[];
  readonly isStream: boolean;
  readonly includesUsage: boolean;
  readonly choices: number;
  readonly maxTokens: number | undefined;
  readonly stops: readonly string[];
  readonly tools: readonly JsonObject[];
  readonly toolChoice: ToolChoice;
  readonly allowsParallelToolCalls: boolean;
  readonly format: ReplyFormat;
  readonly topLogprobs: number | undefined;
}

const MOST_CHOICES = 16;

/** @throws Refusal when OpenAI would refuse the body too. */
export function readChatRequest(body: unknown, aliases: ModelAliases): ChatRequest {
  if (!isObject(body)) throw badParameter('body', 'The body must be a JSON object.');
  if (body['model'] === undefined) throw missingParameter('model');
  if (body['messages'] === undefined) throw missingParameter('messages');
  const model = findModel(body['model'], aliases);
  if (!model) throw modelNotFound(textOr(body['model'], '?'));
  const messages = objectsIn(body['messages']);
  if (messages.length === 0) throw badParameter('messages', 'Expected an array of at least one message.');
  return {
    model: model.id,
    messages,
    isStream: body['stream'] === true,
    includesUsage: memberOf(body['stream_options'], 'include_usage') === true,
    choices: readCount(body, 'n', MOST_CHOICES) ?? 1,
    maxTokens: readCount(body, 'max_completion_tokens') ?? readCount(body, 'max_tokens'),
    stops: readStops(body['stop']),
    tools: objectsIn(body['tools']),
    toolChoice: readToolChoice(body['tool_choice']),
    allowsParallelToolCalls: body['parallel_tool_calls'] !== false,
    format: readFormat(body['response_format']),
    topLogprobs: body['logprobs'] === true ? (readCount(body, 'top_logprobs', 20) ?? 0) : undefined,
  };
}

/** The words of a message, of its text parts when it has several parts. */
export function wordsOf(message: JsonObject | undefined): string {
  const content = message?.['content'];
  if (typeof content === 'string') return content;
  const parts = objectsIn(content).filter((part) => part['type'] === 'text');
  return parts.map((part) => textOr(part['text'], '')).join('\n');
}

function readCount(body: JsonObject, name: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const least = name === 'top_logprobs' ? 0 : 1;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw badParameter(name, `Invalid value for '${name}': expected a whole number from ${least} to ${most}.`);
}

function readStops(value: unknown): string[] {
  const stops: readonly unknown[] = Array.isArray(value) ? value : [value];
  return stops.filter((stop) => typeof stop === 'string').filter(Boolean);
}

function readToolChoice(value: unknown): ToolChoice {
  const name = memberOf(memberOf(value, 'function'), 'name');
  if (typeof name === 'string') return { name };
  return value === 'none' || value === 'required' ? value : 'auto';
}

function readFormat(value: unknown): ReplyFormat {
  const type = memberOf(value, 'type');
  if (type === 'json_schema') return { kind: 'schema', schema: memberOf(memberOf(value, 'json_schema'), 'schema') };
  return { kind: type === 'json_object' ? 'json' : 'text' };
}
