import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { FailureDetails } from '../../dialect.js';
import { objects } from '../chat-chunk.js';
import { readFailure } from '../openai/openai-failure.js';

/** "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576)." */
const TOO_LONG = /token count.*exceeds/i;
const CALL_FAILURES: readonly unknown[] = ['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL'];

/** Reads Google's `{"error":{"code","message","status","details"}}`. */
export function readGeminiFailure(body: JsonObject): FailureDetails {
  const error = objectMember(body, 'error') ?? {};
  const { message } = readFailure(body);
  const details = objects(error['details']);
  const retryAfterMs = readDelay(details);
  const isAccountTrouble = details.some(({ reason }) => reason === 'API_KEY_INVALID');
  return {
    message,
    type: typeof error['status'] === 'string' ? error['status'].toLowerCase() : null,
    code: TOO_LONG.test(message) ? 'context_length_exceeded' : null,
    param: null,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isAccountTrouble && { isAccountTrouble }),
  };
}

/** The model called a tool in a way that even Google could not read: another try may do better. */
export function malformedCall(event: JsonObject): FailureDetails | undefined {
  const failed = objects(event['candidates']).find(({ finishReason }) => CALL_FAILURES.includes(finishReason));
  if (!failed) return undefined;
  const { finishMessage: message = 'The model called a tool in a malformed way.' } = failed;
  return { message: String(message), type: 'malformed_function_call', code: null, param: null };
}

/** Google's `RetryInfo`, such as "34.4s", in milliseconds. */
function readDelay(details: readonly JsonObject[]): number | undefined {
  const given = details.find(({ retryDelay }) => typeof retryDelay === 'string')?.['retryDelay'];
  const seconds = Number.parseFloat(String(given));
  return Number.isNaN(seconds) ? undefined : Math.ceil(seconds * 1000);
}
