import { Injectable } from '@nestjs/common';
import { UpstreamError } from '../../providers/upstream-errors.js';
import type { Attempt, PassedOver } from '../call-account.js';
import { offerKey, type Candidate, type OfferStanding } from '../routing/candidate.js';

/** How an attempt ended, as far as it says anything of its provider. */
export type Outcome = 'success' | 'fault' | 'neutral';

/** How the offers stand: what runs there now, and how it went lately. All in memory. */
@Injectable()
export class StandingService {
  private readonly loads = new Map<string, number>();

  /** It is asked for every offer of every call, so it is cheap. */
  readonly of = (candidate: Candidate): OfferStanding => ({
    isInMaintenance: false,
    breaker: 'closed',
    isPaused: false,
    successRate: undefined,
    firstTokenMs: undefined,
    tokensPerSecond: undefined,
    load: this.loads.get(offerKey(candidate)) ?? 0,
  });

  /** Takes a permit for one attempt; why not, when there is none. */
  acquire(candidate: Candidate): PassedOver['reason'] | undefined {
    this.count(candidate, 1);
    return undefined;
  }

  /** Takes a permit although the breaker is open: somebody has to find out whether it still has to be. */
  force(candidate: Candidate): void {
    this.count(candidate, 1);
  }

  /** Gives a permit back that was not used. */
  release(candidate: Candidate): void {
    this.count(candidate, -1);
  }

  /** An attempt failed before it served anything. */
  failed(attempt: Attempt, error: UpstreamError): void {
    this.ended(attempt, error.isProvidersFault ? 'fault' : 'neutral');
  }

  /** An attempt that was serving did not come to a good end; a client that left is not its fault. */
  broke(attempt: Attempt, error: unknown): void {
    this.ended(attempt, error instanceof UpstreamError && error.isProvidersFault ? 'fault' : 'neutral');
  }

  /** An attempt is over; once for each. */
  ended(attempt: Attempt, _outcome: Outcome): void {
    this.count(attempt, -1);
  }

  /** Milliseconds in which nearly all first tokens came; undefined when too little is known. */
  usuallyAnsweredWithinMs(_candidate: Candidate): number | undefined {
    return undefined;
  }

  /** Milliseconds until the first of them may answer again. */
  readyInMs(_passedOver: readonly PassedOver[]): number | undefined {
    return undefined;
  }

  private count(candidate: Candidate, change: number): void {
    const key = offerKey(candidate);
    this.loads.set(key, (this.loads.get(key) ?? 0) + change);
  }
}
