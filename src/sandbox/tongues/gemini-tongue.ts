import { Refusal } from '../refusal.js';
import { generateBody, generateEvents } from './gemini-reply.js';
import { readGenerateRequest } from './gemini-request.js';
import type { Tongue } from './tongue.js';

/** Google's words for statuses. */
const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

function errorBody({ status, message }: Pick<Refusal, 'status' | 'message'>): string {
  return JSON.stringify({ error: { code: status, message, status: STATUSES[status] ?? 'INTERNAL' } });
}

/** `POST /v1beta/models/…:generateContent` and `:streamGenerateContent`. */
export const geminiTongue: Tongue = {
  read: readGenerateRequest,
  plain: generateBody,
  events: generateEvents,
  refusal: errorBody,
  failure: { kind: 'foreign', data: errorBody({ status: 503, message: 'The simulated provider broke down.' }) },
};
