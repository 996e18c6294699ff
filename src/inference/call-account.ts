import type { CallStatus } from '../billing/usage-record.js';
import type { Offer } from '../catalog/catalog-model.js';
import type { ChatStreamDecoder } from '../providers/dialect.js';
import type { TokenUsage } from '../providers/token-usage.js';

/** One try of one offer. Times are milliseconds of `performance.now()`. */
export interface Attempt {
  readonly offer: Offer;
  readonly startedAt: number;
  /** The head of the provider's answer. */
  respondedAt?: number;
  firstTokenAt?: number;
  endedAt?: number;
  /** What reads its stream, once one has begun. */
  decoder?: ChatStreamDecoder;
  /** Why it failed, one of a bounded set. */
  failure?: string;
  /** What the provider says that it used, for an attempt that failed all the same. */
  wastedUsage?: TokenUsage | undefined;
}

/** What happens to one call, from its first attempt to its end. */
export class CallAccount {
  readonly attempts: Attempt[] = [];
  status: CallStatus = 'failed';

  constructor(
    readonly modelId: string,
    readonly endpoint: string,
  ) {}

  begin(offer: Offer): Attempt {
    const attempt: Attempt = { offer, startedAt: performance.now() };
    this.attempts.push(attempt);
    return attempt;
  }

  end(status: CallStatus): void {
    this.status = status;
    if (this.last) this.last.endedAt ??= performance.now();
  }

  /** The attempt that served the call, or the last that failed to. */
  get last(): Attempt | undefined {
    return this.attempts.at(-1);
  }
}
