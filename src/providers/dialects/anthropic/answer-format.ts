import { isJsonObject, objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';
import { claudeTraits } from './claude-traits.js';
import { nativeSchema } from './native-schema.js';

/** Its input is the answer. */
export interface AnswerTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: JsonObject;
}

/** How the answer is had in JSON: by the provider's own decoder, or as the input of a tool. */
export interface AnswerFormat {
  readonly schema?: JsonObject;
  readonly tool?: AnswerTool;
}

/**
 * OpenAI's `response_format`. There is no one way for all models
 * ([why](../../../../../docs/decisions/0017-json-from-claude.md)): those that can be held to a schema are, unless the
 * schema is one that they refuse; all others get a tool whose input is the answer. Undefined for an answer in words.
 */
export function answerFormat(request: JsonObject, nativeModel: string): AnswerFormat | undefined {
  const tool = answerTool(request);
  const schema = claudeTraits(nativeModel).hasNativeSchema ? wantedSchema(request)?.['schema'] : undefined;
  const native = isJsonObject(schema) ? nativeSchema(schema) : undefined;
  return native && isJsonObject(native['properties']) ? { schema: native } : tool && { tool };
}

/** The tool whose input is the answer, where that is to be JSON. */
export function answerTool(request: JsonObject): AnswerTool | undefined {
  const isAnyJson = objectMember(request, 'response_format')?.['type'] === 'json_object';
  const wanted = isAnyJson ? {} : wantedSchema(request);
  if (!wanted) return undefined;
  const { schema, description } = wanted;
  const isTaken = objects(request['tools']).some((tool) => objectMember(tool, 'function')?.['name'] === 'json');
  return {
    name: isTaken ? 'json_answer' : 'json',
    description: ['Gives the answer: what this is called with is the answer.', description].filter(Boolean).join(' '),
    input_schema: { type: 'object', ...(isJsonObject(schema) && schema) },
  };
}

function wantedSchema(request: JsonObject): JsonObject | undefined {
  const format = objectMember(request, 'response_format') ?? {};
  return format['type'] === 'json_schema' ? (objectMember(format, 'json_schema') ?? {}) : undefined;
}
