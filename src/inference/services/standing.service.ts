import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { MaintenanceService } from '../../catalog/services/maintenance.service.js';
import { CircuitBreakerService } from '../../providers/services/circuit-breaker.service.js';
import { TrafficService } from '../../providers/services/traffic.service.js';
import { UpstreamError } from '../../providers/upstream-errors.js';
import type { Attempt } from '../attempt.js';
import type { PassedOver } from '../call-account.js';
import { offerKeyOf, providerIdOf, type Candidate, type OfferStanding } from '../routing/candidate.js';
import { WaitingAttempts } from '../waiting-attempts.js';

/** A provider that is out of capacity and does not say for how long. */
const BUSY_MS = 1_000;
/** Our account there has no access, or the model is gone: somebody has to look, and until then it is no use. */
const BARRED_MS = 60_000;
/** How often it is looked for attempts that are overdue, and when they are: much later than nearly all before them. */
const SWEEP_MS = 500;
const OVERDUE_FACTOR = 3;
const LEAST_OVERDUE_MS = 2_000;
/** A probe of an offer that failed before is given no more time than that when nothing else is known. */
const PROBE_PATIENCE_MS = 3_000;
/** What a provider asks for is heeded only so far: its word must not take it away for hours. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/** How the offers stand: what runs there now, and how it went lately. All in memory. */
@Injectable()
export class StandingService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(StandingService.name);
  private readonly loads = new Map<string, number>();
  private readonly waiting = new WaitingAttempts();
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly breakers: CircuitBreakerService,
    private readonly traffic: TrafficService,
    private readonly maintenance: MaintenanceService,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeping = setInterval(() => {
      this.countOverdue();
    }, SWEEP_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweeping);
  }

  /** It is asked for every offer of every call, so it is cheap. */
  readonly of = (candidate: Candidate): OfferStanding => {
    const [providerId, modelId] = [providerIdOf(candidate), candidate.model.id];
    const known = this.traffic.of(providerId, modelId);
    return {
      isInMaintenance: this.maintenance.at(providerId, modelId) !== undefined,
      breaker: this.breakers.state(providerId, modelId),
      isPaused: this.breakers.pausedUntil(providerId, modelId) !== undefined,
      successRate: known?.successRate ?? this.traffic.heardSuccessRate(providerId, modelId),
      firstTokenMs: known?.firstTokenP50Ms,
      tokensPerSecond: known?.tokensPerSecond,
      load: this.loads.get(offerKeyOf(candidate)) ?? 0,
    };
  };

  /** Takes a permit for one attempt; why not, when there is none. */
  acquire(candidate: Candidate): PassedOver['reason'] | undefined {
    const [providerId, modelId] = [providerIdOf(candidate), candidate.model.id];
    // A pause is about our own account there.
    const pause = candidate.isOwn ? undefined : this.breakers.pauseOf(providerId, modelId);
    if (pause) return pause.isBarred ? 'barred' : 'paused';
    if (!this.breakers.tryAcquire(providerId, modelId)) return 'breaker_open';
    this.count(candidate, 1);
    return undefined;
  }

  /** Goes on without a permit: somebody has to find out whether the breaker still has to be open. */
  force(candidate: Candidate): void {
    this.count(candidate, 1);
  }

  /** Gives a permit back that was not used. */
  release(candidate: Candidate): void {
    this.breakers.record(providerIdOf(candidate), candidate.model.id, 'neutral');
    this.count(candidate, -1);
  }

  /** Attempts that run now on this gateway, by provider. */
  inProgress(): Readonly<Record<string, number>> {
    const running: Record<string, number> = {};
    for (const [key, load] of this.loads) {
      const provider = key.slice(0, key.indexOf(' '));
      if (load > 0) running[provider] = (running[provider] ?? 0) + load;
    }
    return running;
  }

  began(attempt: Attempt): void {
    this.waiting.add(attempt);
  }

  /** The attempt proved good: its first token has come, or the whole reply. */
  answered(attempt: Attempt): void {
    this.waiting.delete(attempt);
    this.breakers.record(providerIdOf(attempt), attempt.model.id, 'success');
  }

  /** An attempt failed before it served anything. */
  failed(attempt: Attempt, error: unknown): void {
    this.waiting.delete(attempt);
    const isFault = error instanceof UpstreamError && error.isProvidersFault;
    // What is overdue was counted when it became so.
    const outcome = isFault && !attempt.isOverdue ? 'fault' : 'neutral';
    this.breakers.record(providerIdOf(attempt), attempt.model.id, outcome);
    if (error instanceof UpstreamError) this.rest(attempt, error);
    if (isFault) this.observe(attempt, false);
    this.count(attempt, -1);
  }

  /** An attempt that was serving is over; a client that left is not the provider's fault. */
  served(attempt: Attempt, error?: unknown): void {
    const isFault = error instanceof UpstreamError && error.isProvidersFault;
    if (isFault) this.breakers.record(providerIdOf(attempt), attempt.model.id, 'fault');
    this.observe(attempt, !isFault);
    this.count(attempt, -1);
  }

  /** Milliseconds in which nearly all first tokens came; undefined when too little is known. */
  usuallyAnsweredWithinMs(candidate: Candidate): number | undefined {
    return this.traffic.of(providerIdOf(candidate), candidate.model.id)?.firstTokenP95Ms;
  }

  /** Milliseconds to wait for an offer that has failed before; undefined for one that has not. */
  probePatienceMs(candidate: Candidate): number | undefined {
    if (this.breakers.state(providerIdOf(candidate), candidate.model.id) === 'closed') return undefined;
    return this.overdueAfterMs(candidate) ?? PROBE_PATIENCE_MS;
  }

  private overdueAfterMs(candidate: Candidate): number | undefined {
    const usualMs = this.usuallyAnsweredWithinMs(candidate);
    if (usualMs !== undefined) return Math.max(usualMs * OVERDUE_FACTOR, LEAST_OVERDUE_MS);
    const { model } = candidate;
    const elsewhere = model.offers.flatMap((offer) => this.usuallyAnsweredWithinMs({ model, offer }) ?? []);
    return elsewhere.length === 0 ? undefined : Math.max(...elsewhere) * OVERDUE_FACTOR + LEAST_OVERDUE_MS;
  }

  /** Milliseconds until the first of them may answer again. */
  readyInMs(passedOver: readonly PassedOver[]): number | undefined {
    const waits = passedOver.flatMap((candidate) => {
      const [providerId, modelId] = [providerIdOf(candidate), candidate.model.id];
      const until =
        this.breakers.pausedUntil(providerId, modelId) ?? this.breakers.view(providerId, modelId)?.openUntil;
      return until === undefined ? [] : [Math.max(until - Date.now(), 1)];
    });
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  /** A silent provider is found out by its silence, not only when its deadline ends half a minute later. */
  private countOverdue(): void {
    const now = performance.now();
    for (const attempt of this.waiting.all()) {
      const patienceMs = this.probePatienceMs(attempt) ?? this.overdueAfterMs(attempt);
      if (patienceMs === undefined || now - attempt.startedAt < patienceMs) continue;
      attempt.isOverdue = true;
      this.waiting.delete(attempt);
      this.breakers.record(providerIdOf(attempt), attempt.model.id, 'fault');
    }
  }

  /** What is no fault, but will not be better a moment later. */
  private rest(attempt: Attempt, { reason, retryAfterMs }: UpstreamError): void {
    if (attempt.isOwn) return;
    const isBarred = reason === 'account' || reason === 'model_gone';
    if (!isBarred && reason !== 'rate_limited') return;
    const pauseMs = Math.min(isBarred ? BARRED_MS : (retryAfterMs ?? BUSY_MS), LONGEST_PAUSE_MS);
    const [provider, model] = [providerIdOf(attempt), attempt.model.id];
    this.breakers.pause(provider, model, { until: Date.now() + pauseMs, isBarred });
    if (isBarred)
      this.log.error({ provider, model, reason }, 'a provider does not let us in: our account or the model');
  }

  private observe(attempt: Attempt, isOk: boolean): void {
    const { startedAt, firstTokenAt, endedAt, decoder } = attempt;
    const writingMs = firstTokenAt !== undefined && endedAt !== undefined ? endedAt - firstTokenAt : 0;
    this.traffic.observe(providerIdOf(attempt), attempt.model.id, {
      isOk,
      durationMs: endedAt === undefined ? undefined : endedAt - startedAt,
      firstTokenMs: firstTokenAt === undefined ? undefined : firstTokenAt - startedAt,
      tokensPerSecond: decoder && writingMs > 0 ? (decoder.writtenTokens * 1000) / writingMs : undefined,
    });
  }

  private count(candidate: Candidate, change: number): void {
    const key = offerKeyOf(candidate);
    this.loads.set(key, (this.loads.get(key) ?? 0) + change);
  }
}
