import { UpstreamError } from '../../providers/upstream-errors.js';
import type { CallAccount } from '../call-account.js';
import type { Candidate } from './candidate.js';
import type { RequestNeeds } from './request-needs.js';

/** One call on its way from offer to offer: who may still be asked, and what has failed. */
export class Journey {
  readonly failures: UpstreamError[] = [];
  readonly needs: RequestNeeds;
  /** Asked an offer that is said to be broken, since no other was left. */
  hasTriedLastResort = false;
  private left: Candidate[];

  constructor(
    { attempts, needs }: { readonly attempts: readonly Candidate[]; readonly needs: RequestNeeds },
    readonly account: CallAccount,
  ) {
    this.left = [...attempts];
    this.needs = needs;
  }

  /** Nobody was asked yet. */
  get isFirst(): boolean {
    return this.account.attempts.length === 0;
  }

  take(): Candidate | undefined {
    return this.left.shift();
  }

  /** @throws the error, when asking another offer would be no use */
  goOnAfter(candidate: Candidate, error: unknown): void {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.isContextOverflow) this.left = this.left.filter((one) => mayReadMore(one, candidate));
    else if (!error.isRetryable) throw error;
    if (error.isContextOverflow && this.left.length === 0) throw error;
    this.failures.push(error);
  }
}

/** Another model, or the same one where more of it can be read. */
function mayReadMore(other: Candidate, { model, offer }: Candidate): boolean {
  return other.model !== model || (other.offer.contextLength ?? 0) > (offer.contextLength ?? Number.POSITIVE_INFINITY);
}
