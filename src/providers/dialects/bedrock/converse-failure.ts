import type { JsonObject } from '../../../platform/json/json-document.js';
import { redact } from '../../../platform/logging/redact.js';
import type { FailureDetails } from '../../dialect.js';

/** "Input is too long for requested model.", "The model returned the following errors: prompt is too long: …" */
const TOO_LONG = /input is too long|prompt is too long|exceeds? (?:the )?(?:maximum )?context|too many input tokens/i;
/** What Amazon calls a fault of the request, and what is one of our own account or of the model that we asked for. */
const ACCOUNT_TROUBLE =
  /on-demand throughput isn|model identifier is invalid|operation not allowed|security token|access to the model|marketplace/i;
/** An account's number stands in the name of every resource. */
const RESOURCE_NAME = /\barn:aws[^\s"',]*/g;
const MALFORMED: readonly unknown[] = ['malformed_tool_use', 'malformed_model_output'];

/** Reads Amazon's `{"message"}`; older services write it, and their `__type`, in other ways. */
export function readConverseFailure(body: JsonObject, type: string | null = null): FailureDetails {
  const given = [body['message'], body['Message'], body['originalMessage']].find((text) => typeof text === 'string');
  const message = redact(given ?? 'The provider gave no reason.').replace(RESOURCE_NAME, '[redacted]');
  const named = [body['__type'], body['type']].find((text) => typeof text === 'string');
  return {
    message,
    type: type ?? named?.replace(/^.*#/, '') ?? null,
    code: TOO_LONG.test(message) ? 'context_length_exceeded' : null,
    param: null,
    ...(ACCOUNT_TROUBLE.test(message) && { isAccountTrouble: true as const }),
  };
}

/** The model wrote what even Amazon could not read: another try may do better. */
export function malformedOutput(stopReason: unknown): FailureDetails | undefined {
  if (!MALFORMED.includes(stopReason)) return undefined;
  return { message: 'The model wrote something malformed.', type: String(stopReason), code: null, param: null };
}
