import type { JsonObject } from '../../src/platform/json/json-document.js';
import { converseRequest } from '../../src/providers/dialects/bedrock/converse-request.js';
import { chatCall } from './chat-call.js';

export const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
export const NOVA = 'amazon.nova-pro-v1:0';
export const LLAMA = 'us.meta.llama3-3-70b-instruct-v1:0';

/** What Converse is sent for a request to us. */
export const sent = (request: JsonObject, nativeModel = CLAUDE, outputLimit?: number): JsonObject =>
  converseRequest(chatCall(request, { nativeModel, outputLimit }));

export const tool = (name: string, more: JsonObject = {}): JsonObject => ({
  type: 'function',
  function: { name, description: 'Does it', parameters: { type: 'object', properties: { a: { type: 'number' } } } },
  ...more,
});

/** A conversation in which a function was called. */
export const asked = { role: 'user', content: 'Hi' };
export const called = (id = 'call.1') => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
});
export const answered = (content: unknown, id = 'call.1') => ({ role: 'tool', tool_call_id: id, content });
