import { readChatRequest, type ChatRequest } from '../chat-request.js';
import { type JsonObject, memberOf, objectsIn } from '../json.js';
import type { Asked } from './tongue.js';

const STREAM = ':streamGenerateContent';

/** Google's request as OpenAI's, which the models understand. @throws Refusal */
export function readGenerateRequest({ body, path, aliases }: Asked): ChatRequest {
  const config = memberOf(body, 'generationConfig');
  const [model = ''] = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)).split(':');
  const schema = memberOf(config, 'responseJsonSchema');
  const isJson = memberOf(config, 'responseMimeType') === 'application/json';
  const instructions = memberOf(body, 'systemInstruction');
  const contents = memberOf(body, 'contents');
  const request = {
    model,
    stream: path.endsWith(STREAM),
    stream_options: { include_usage: true },
    max_tokens: memberOf(config, 'maxOutputTokens'),
    n: memberOf(config, 'candidateCount'),
    stop: memberOf(config, 'stopSequences'),
    messages: contents === undefined ? undefined : [...told(instructions), ...objectsIn(contents).flatMap(message)],
    tools: objectsIn(memberOf(body, 'tools')).flatMap(tools),
    tool_choice: choice(memberOf(memberOf(body, 'toolConfig'), 'functionCallingConfig')),
    response_format: isJson ? format(schema) : undefined,
  };
  return readChatRequest(request, aliases);
}

function told(instructions: unknown): JsonObject[] {
  return instructions === undefined ? [] : [{ role: 'system', content: texts(instructions) }];
}

function message(turn: JsonObject): JsonObject[] {
  const answers = objectsIn(turn['parts']).filter(({ functionResponse }) => functionResponse !== undefined);
  if (answers.length === 0) return [{ role: turn['role'] === 'model' ? 'assistant' : 'user', content: texts(turn) }];
  return answers.map(({ functionResponse: given }) => ({
    role: 'tool',
    content: JSON.stringify(memberOf(given, 'response')),
  }));
}

function texts(holder: unknown): JsonObject[] {
  return objectsIn(memberOf(holder, 'parts')).map(({ text = '' }) => ({ type: 'text', text }));
}

function tools({ functionDeclarations: functions }: JsonObject): JsonObject[] {
  return objectsIn(functions).map(({ name, parametersJsonSchema: parameters }) => ({
    type: 'function',
    function: { name, parameters },
  }));
}

function choice(config: unknown): unknown {
  const names = memberOf(config, 'allowedFunctionNames');
  if (Array.isArray(names)) return { type: 'function', function: { name: names[0] as unknown } };
  const mode = memberOf(config, 'mode');
  if (mode === 'ANY') return 'required';
  return mode === 'NONE' ? 'none' : 'auto';
}

function format(schema: unknown): JsonObject {
  return schema === undefined ? { type: 'json_object' } : { type: 'json_schema', json_schema: { schema } };
}
