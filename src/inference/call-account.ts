import type { CallStatus } from '../billing/usage-record.js';
import type { ChatStreamDecoder } from '../providers/dialect.js';
import type { TokenUsage } from '../providers/token-usage.js';
import type { Candidate } from './routing/candidate.js';

/** One try of one offer. Times are milliseconds of `performance.now()`. */
export interface Attempt extends Candidate {
  readonly startedAt: number;
  /** Ends the attempt when another one that runs beside it has won. */
  readonly signal?: AbortSignal | undefined;
  /** The head of the provider's answer. */
  respondedAt?: number;
  firstTokenAt?: number;
  endedAt?: number;
  /** Its first token is so late that the provider counts as failing, whatever still comes. */
  isOverdue?: true;
  /** What reads its stream, once one has begun. */
  decoder?: ChatStreamDecoder;
  /** Why it failed, one of a bounded set. */
  failure?: string;
  /** Why it broke off while it was serving, one of the same set. */
  brokenBy?: string;
  /** What it used although the caller got nothing of it: that is our cost. */
  wastedUsage?: TokenUsage | undefined;
}

/** An offer that was not asked, although it was its turn. */
export interface PassedOver extends Candidate {
  /** Its breaker is open, it asked for some rest, or it does not let us in. */
  readonly reason: 'breaker_open' | 'paused' | 'barred';
}

/** What happens to one call, from its first attempt to its end. */
export class CallAccount {
  readonly attempts: Attempt[] = [];
  readonly passedOver: PassedOver[] = [];
  status: CallStatus = 'failed';
  /** The attempt that the reply came from, or comes from. */
  served: Attempt | undefined;

  constructor(
    /** What the caller asked for. */
    private readonly wantedModelId: string,
    readonly endpoint: string,
  ) {}

  /** The model that served the call, or was last asked to. */
  get modelId(): string {
    return this.last?.model.id ?? this.wantedModelId;
  }

  /** There is more to tell than that the first attempt served it. */
  get hasStory(): boolean {
    const [first] = this.attempts;
    const isPlain = this.attempts.length <= 1 && this.passedOver.length === 0;
    return !isPlain || first?.failure !== undefined || first?.brokenBy !== undefined;
  }

  begin(candidate: Candidate, signal?: AbortSignal): Attempt {
    const attempt: Attempt = { ...candidate, startedAt: performance.now(), signal };
    this.attempts.push(attempt);
    return attempt;
  }

  end(status: CallStatus): void {
    this.status = status;
    if (this.last) this.last.endedAt ??= performance.now();
  }

  /** The attempt that served the call, or the last that failed to. */
  get last(): Attempt | undefined {
    return this.served ?? this.attempts.at(-1);
  }
}
