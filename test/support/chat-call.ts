import { JsonDocument, type JsonObject } from '../../src/platform/json/json-document.js';
import type { ChatCall } from '../../src/providers/dialect.js';

/** A chat call as a dialect gets it, made from the members of a request that matter. */
export function chatCall(request: JsonObject, more: Partial<ChatCall> = {}): ChatCall {
  return {
    request: JsonDocument.of({ model: 'ours', messages: [{ role: 'user', content: 'Hi' }], ...request }),
    nativeModel: 'theirs',
    isStream: false,
    outputLimit: undefined,
    requestId: 'request-1',
    createdAt: 1_700_000_000,
    ...more,
  };
}
