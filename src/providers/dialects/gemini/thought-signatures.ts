import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';

/** OpenRouter's name for signatures that only Gemini can check. */
const FORMAT = 'google-gemini-v1';

/** The signatures of one message of the model. */
export interface Signatures {
  readonly ofText: unknown;
  readonly ofCall: (call: JsonObject) => unknown;
}

/** A signature in the form in which clients keep it; with the id of the call that it stands beside. */
export function signatureDetail(data: unknown, callId?: string): JsonObject {
  return { type: 'reasoning.encrypted', data, format: FORMAT, ...(callId !== undefined && { id: callId }), index: 0 };
}

/** A thought, or a piece of one. */
export function thoughtDetail(text: string): JsonObject {
  return { type: 'reasoning.text', text, format: FORMAT, index: 0 };
}

/** What Google's own OpenAI-compatible endpoint puts beside a call. */
export function extraContent(signature: unknown): JsonObject {
  return { extra_content: { google: { thought_signature: signature } } };
}

/** What clients give back: `reasoning_details`, or Google's `extra_content` beside a call. */
export function signaturesOf(message: JsonObject): Signatures {
  const details = objects(message['reasoning_details']).filter(
    ({ type, format = FORMAT }) => type === 'reasoning.encrypted' && format === FORMAT,
  );
  const byCall = new Map<unknown, unknown>(details.map(({ id, data }) => [id ?? undefined, data]));
  return {
    ofText: byCall.get(undefined),
    ofCall: (call) => extraSignature(call) ?? (call['id'] === undefined ? undefined : byCall.get(call['id'])),
  };
}

function extraSignature(call: JsonObject): unknown {
  const google = objectMember(objectMember(call, 'extra_content') ?? {}, 'google') ?? {};
  return google['thought_signature'];
}
