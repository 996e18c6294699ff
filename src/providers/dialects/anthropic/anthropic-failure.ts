import type { JsonObject } from '../../../platform/json/json-document.js';
import type { FailureDetails } from '../../dialect.js';
import { readFailure } from '../openai/openai-failure.js';

/** "prompt is too long: …", "input length and `max_tokens` exceed context limit: …" */
const TOO_LONG = /prompt is too long|exceed context limit/i;

/**
 * Reads Anthropic's `{"type":"error","error":{"type","message"}}`: OpenAI's shape, but for its code of a conversation
 * that does not fit, which clients look for.
 */
export function readAnthropicFailure(body: JsonObject): FailureDetails {
  const failure = readFailure(body);
  return TOO_LONG.test(failure.message) ? { ...failure, code: 'context_length_exceeded' } : failure;
}
