import type { ChatRequest } from './chat-request.js';

/** What every chunk of one reply has in common. */
export interface Envelope {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

let replies = 0;

/** Ids count upwards: two replies never share one, and a log reads in order. */
export function newEnvelope(request: ChatRequest): Envelope {
  replies += 1;
  const id = `chatcmpl-sandbox-${String(replies).padStart(6, '0')}`;
  return { id, created: Math.floor(Date.now() / 1000), model: request.model };
}

export const FINGERPRINT = 'fp_sandbox';
