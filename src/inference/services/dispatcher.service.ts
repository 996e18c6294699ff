import { Inject, Injectable, Logger } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { NO_TOKENS } from '../../providers/token-usage.js';
import { UpstreamError } from '../../providers/upstream-errors.js';
import type { Attempt } from '../attempt.js';
import type { CallAccount } from '../call-account.js';
import { AllProvidersFailedError, NoProviderReadyError } from '../dispatch-errors.js';
import { InferenceMetrics } from '../inference.metrics.js';
import { providerIdOf, type Candidate } from '../routing/candidate.js';
import { hedged, type Run } from '../routing/hedge.js';
import { Journey } from '../routing/journey.js';
import { RetryBudget } from '../routing/retry-budget.js';
import type { Route } from './routing.service.js';
import { StandingService } from './standing.service.js';

/** Sooner a second attempt would cost more than the wait that it spares: what is that fast is late by mere chance. */
const SOONEST_HEDGE_MS = 100;

/** Asks one offer. */
type Ask<Reply> = (attempt: Attempt) => Promise<Reply>;

/** Goes from offer to offer until one proves good. */
@Injectable()
export class DispatcherService {
  private readonly log = new Logger(DispatcherService.name);
  private readonly retries: RetryBudget;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly metrics: InferenceMetrics,
    private readonly standings: StandingService,
  ) {
    const settings = { share: env.RETRY_PERCENT / 100, perSecond: env.RETRIES_PER_SECOND };
    this.retries = new RetryBudget(settings, () => performance.now());
  }

  /**
   * @throws AllProvidersFailedError; NoProviderReadyError; the error of a provider that found the request itself at
   * fault; ClientGoneError
   */
  async firstGood<Reply>(route: Route, account: CallAccount, ask: Ask<Reply>): Promise<Reply> {
    const journey = new Journey(route, account);
    this.retries.deposit();
    for (let candidate = this.next(journey); candidate; candidate = this.next(journey)) {
      try {
        return await this.askOrHedge(candidate, journey, ask);
      } catch (error) {
        journey.goOnAfter(candidate, error);
      }
    }
    throw this.defeat(journey);
  }

  /** The next offer that may be asked now, with a permit to do so. */
  private next(journey: Journey): Candidate | undefined {
    for (let candidate = journey.take(); candidate; candidate = journey.take()) {
      const reason = this.standings.acquire(candidate);
      if (reason) {
        journey.account.passedOver.push({ ...candidate, reason });
        continue;
      }
      if (journey.isFirst || this.retries.withdraw()) return candidate;
      this.standings.release(candidate);
      this.metrics.retriesSpent();
      return undefined;
    }
    return this.lastResort(journey);
  }

  /**
   * When all that could answer are said to be broken, some calls find out whether that is still true: as many as the
   * retry budget has to spare. Who asked for rest gets it.
   */
  private lastResort(journey: Journey): Candidate | undefined {
    const broken = journey.account.passedOver.find(({ reason }) => reason !== 'paused');
    if (journey.hasTriedLastResort || !broken || !this.retries.withdraw()) return undefined;
    journey.hasTriedLastResort = true;
    this.standings.force(broken);
    return broken;
  }

  private askOrHedge<Reply>(candidate: Candidate, journey: Journey, ask: Ask<Reply>): Promise<Reply> {
    // Nobody shall wait half a minute since a provider that was silent may still be.
    const afterMs = this.standings.probePatienceMs(candidate) ?? this.hedgesAfterMs(candidate);
    if (afterMs === undefined) return this.run(candidate, journey, ask)();
    return hedged({
      first: this.run(candidate, journey, ask),
      second: () => {
        const spare = this.next(journey);
        return spare && this.run(spare, journey, ask);
      },
      afterMs,
    });
  }

  private hedgesAfterMs(candidate: Candidate): number | undefined {
    const usualMs = this.env.HEDGING === 'on' ? this.standings.usuallyAnsweredWithinMs(candidate) : undefined;
    return usualMs === undefined ? undefined : Math.max(usualMs, SOONEST_HEDGE_MS);
  }

  private run<Reply>(candidate: Candidate, journey: Journey, ask: Ask<Reply>): Run<Reply> {
    return async (signal) => {
      const attempt = this.begin(candidate, journey, signal);
      try {
        const reply = await ask(attempt);
        signal?.throwIfAborted();
        journey.account.served = attempt;
        this.standings.answered(attempt);
        return reply;
      } catch (error) {
        attempt.endedAt = performance.now();
        if (signal?.aborted !== true) this.failed(attempt, error, journey.account);
        throw error;
      }
    };
  }

  private begin(candidate: Candidate, journey: Journey, signal: AbortSignal | undefined): Attempt {
    const { account, needs } = journey;
    const before = account.attempts.at(-1);
    if (before?.failure) this.metrics.failedOver(before, candidate, before.failure);
    const attempt = account.begin(candidate, signal);
    this.standings.began(attempt);
    signal?.addEventListener('abort', () => {
      // Another one was faster. What it read it bills, whether anybody waits for it or not.
      attempt.failure = 'hedged';
      attempt.wastedUsage = attempt.decoder?.usage ?? { ...NO_TOKENS, input: needs.inputTokens };
      this.standings.failed(attempt, undefined);
      this.metrics.attemptFailed(attempt, account.endpoint);
    });
    return attempt;
  }

  private failed(attempt: Attempt, error: unknown, account: CallAccount): void {
    this.standings.failed(attempt, error);
    if (!(error instanceof UpstreamError)) return;
    attempt.failure = error.reason;
    this.metrics.attemptFailed(attempt, account.endpoint);
    const reason = { provider: providerIdOf(attempt), model: attempt.model.id, reason: error.reason };
    this.log.warn({ ...reason, cause: causeOf(error) }, 'a provider failed');
  }

  private defeat({ failures, account }: Journey): Error {
    if (failures.length > 0) return new AllProvidersFailedError(failures);
    return new NoProviderReadyError(account.passedOver, this.standings.readyInMs(account.passedOver));
  }
}

function causeOf(error: UpstreamError): string {
  const { cause } = error;
  return cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : error.message;
}
