import { readChatRequest, type ChatRequest } from '../chat-request.js';
import { type JsonObject, isObject, memberOf, objectsIn } from '../json.js';
import type { ModelAliases } from '../models.js';
import { missingParameter } from '../refusal.js';

/** Anthropic's request as OpenAI's, which the models understand. @throws Refusal */
export function readMessagesRequest(body: unknown, aliases: ModelAliases): ChatRequest {
  if (isObject(body) && body['max_tokens'] === undefined) throw missingParameter('max_tokens');
  if (!isObject(body)) return readChatRequest(body, aliases);
  const { model, stream, max_tokens: limit, stop_sequences: stop, system } = body;
  const instructions = system === undefined ? [] : [{ role: 'system', content: system }];
  const request = {
    model,
    stream,
    max_tokens: limit,
    stop,
    messages:
      body['messages'] === undefined ? undefined : [...instructions, ...objectsIn(body['messages']).flatMap(messages)],
    tools: objectsIn(body['tools']).map(tool),
    tool_choice: choice(body['tool_choice']),
    parallel_tool_calls: memberOf(body['tool_choice'], 'disable_parallel_tool_use') !== true,
  };
  return readChatRequest({ ...request, stream_options: { include_usage: true } }, aliases);
}

/** Results of tools stand in the user's message there, and by themselves here. */
function messages({ role, content }: JsonObject): JsonObject[] {
  const results = objectsIn(content).filter(({ type }) => type === 'tool_result');
  if (results.length === 0) return [{ role, content }];
  return results.map((result) => ({ role: 'tool', content: result['content'] }));
}

function tool({ name, input_schema: parameters }: JsonObject): JsonObject {
  return { type: 'function', function: { name, parameters } };
}

function choice(given: unknown): unknown {
  const type = memberOf(given, 'type');
  if (type === 'tool') return { type: 'function', function: { name: memberOf(given, 'name') } };
  return type === 'any' ? 'required' : type;
}
