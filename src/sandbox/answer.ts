import type { Behaviour } from './behaviour.js';
import type { ChatRequest } from './chat-request.js';
import type { Completion } from './completion.js';
import type { Envelope } from './envelope.js';

/** All that is needed to put one completion on the wire. */
export interface Answer {
  readonly request: ChatRequest;
  readonly behaviour: Behaviour;
  readonly completion: Completion;
  readonly envelope: Envelope;
}
