import { readChatRequest } from '../chat-request.js';
import { IN_BAND_ERROR, plainReply } from '../plain-reply.js';
import { streamEvents } from '../stream-events.js';
import type { Tongue } from './tongue.js';

/** `POST /v1/chat/completions`. */
export const openAiTongue: Tongue = {
  read: ({ body, aliases }) => readChatRequest(body, aliases),
  plain: plainReply,
  events: streamEvents,
  refusal: (refusal) => refusal.body,
  failure: { kind: 'foreign', data: IN_BAND_ERROR },
};
