import type { CallStatus } from '../billing/usage-record.js';
import { Attempt } from './attempt.js';
import type { Candidate } from './routing/candidate.js';

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
    const attempt = new Attempt(candidate, signal);
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
