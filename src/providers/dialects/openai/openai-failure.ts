import { isJsonObject, type JsonObject } from '../../../platform/json/json-document.js';
import { redact } from '../../../platform/logging/redact.js';
import type { FailureDetails } from '../../dialect.js';

/** Reads OpenAI's `{"error": {...}}` and the shapes that its imitators send: a bare text, `message`, `detail`. */
export function readFailure(body: JsonObject): FailureDetails {
  const error = body['error'];
  const source = isJsonObject(error) ? error : body;
  const message = [typeof error === 'string' ? error : undefined, source['message'], source['detail']].find(
    (candidate) => typeof candidate === 'string',
  );
  return {
    message: redact(message ?? 'The provider gave no reason.'),
    type: text(source['type']),
    code: text(source['code']),
    param: text(source['param']),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
