import type { JsonObject } from '../../platform/json/json-document.js';

/** What a model said: the choices of a plain reply, or the bytes of a stream, which are read when there is time. */
export type Answer = { readonly choices: readonly JsonObject[] } | { readonly stream: readonly Buffer[] };

/** A call that has ended well, to be kept. */
export interface Exchange {
  readonly requestId: string;
  readonly userId: string;
  readonly apiKeyId: string;
  readonly conversationId: string;
  readonly modelId: string;
  /** The messages of the request. */
  readonly messages: readonly JsonObject[];
  readonly answer: Answer;
  readonly tokensUsed: number;
  readonly endedAt: number;
  /** What it holds of the memory, until it is in the database or dropped. */
  readonly heldBytes: number;
}
