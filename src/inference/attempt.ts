import type { CatalogModel, Offer } from '../catalog/catalog-model.js';
import type { ChatStreamDecoder } from '../providers/dialect.js';
import type { TokenUsage } from '../providers/token-usage.js';
import type { Candidate } from './routing/candidate.js';

/** One try of one offer. Times are milliseconds of `performance.now()`. */
export class Attempt implements Candidate {
  readonly model: CatalogModel;
  readonly offer: Offer;
  readonly isOwn: true | undefined;
  readonly startedAt = performance.now();
  /** The head of the provider's answer. */
  respondedAt: number | undefined;
  firstTokenAt: number | undefined;
  endedAt: number | undefined;
  /** Its first token is so late that the provider counts as failing, whatever still comes. */
  isOverdue = false;
  /** What reads its stream, once one has begun. */
  decoder: ChatStreamDecoder | undefined;
  /** Why it failed, one of a bounded set. */
  failure: string | undefined;
  /** Why it broke off while it was serving, one of the same set. */
  brokenBy: string | undefined;
  /** What it used although the caller got nothing of it: that is our cost. */
  wastedUsage: TokenUsage | undefined;
  /** Its place among those that wait for their first token. */
  waitingSlot: number | undefined;

  constructor(
    { model, offer, isOwn }: Candidate,
    /** Ends the attempt when another one that runs beside it has won. */
    readonly signal: AbortSignal | undefined,
  ) {
    this.model = model;
    this.offer = offer;
    this.isOwn = isOwn;
  }
}
