import { Refusal } from '../refusal.js';
import { messageEvents } from './anthropic-events.js';
import { messageBody } from './anthropic-reply.js';
import { readMessagesRequest } from './anthropic-request.js';
import type { Tongue } from './tongue.js';

/** Anthropic's words for statuses. */
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function errorBody({ status, message }: Pick<Refusal, 'status' | 'message'>): string {
  const type = TYPES[status] ?? 'api_error';
  return JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_sandbox' });
}

/** `POST /v1/messages`. */
export const anthropicTongue: Tongue = {
  read: ({ body, aliases }) => readMessagesRequest(body, aliases),
  plain: messageBody,
  events: messageEvents,
  refusal: errorBody,
  failure: {
    kind: 'foreign',
    name: 'error',
    data: errorBody({ status: 529, message: 'The simulated provider broke down.' }),
  },
};
