import { JsonDocument, NotAJsonObjectError, type JsonObject } from '../../../platform/json/json-document.js';
import type { FailureDetails } from '../../dialect.js';
import { UndecodableReplyError } from '../../upstream-errors.js';

/** @throws UndecodableReplyError */
export function parseReply(bytes: Buffer, providerId: string): JsonDocument {
  try {
    return JsonDocument.parse(bytes);
  } catch (cause) {
    throw new UndecodableReplyError(`${providerId} answered with something that is not JSON.`, { cause });
  }
}

/** What the body of a refusal says, as `read` understands it. */
export function readFailureBody(
  body: Buffer,
  read: (value: JsonObject) => FailureDetails | undefined,
): FailureDetails | undefined {
  try {
    return read(JsonDocument.parse(body).value);
  } catch (error) {
    // A proxy's page of HTML: the status has to speak for itself.
    if (error instanceof NotAJsonObjectError) return undefined;
    throw error;
  }
}
