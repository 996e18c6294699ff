import type { Answer } from '../answer.js';
import type { ChatRequest } from '../chat-request.js';
import type { ModelAliases } from '../models.js';
import type { Refusal } from '../refusal.js';
import type { StreamEvent } from '../stream-events.js';

/** A request as it came. */
export interface Asked {
  readonly body: unknown;
  /** Without its query. */
  readonly path: string;
  readonly aliases: ModelAliases;
}

/** One API in which the same completion, and the same troubles, are told. Pure. */
export interface Tongue {
  /** @throws Refusal when the API would refuse the request too */
  readonly read: (asked: Asked) => ChatRequest;
  /** The completion as one JSON body. */
  readonly plain: (answer: Answer) => string;
  /** The completion as the events of a faultless stream. */
  readonly events: (answer: Answer) => StreamEvent[];
  readonly refusal: (refusal: Refusal) => string;
  /** A failure with status 200, or in the middle of a stream. */
  readonly failure: StreamEvent;
}
