import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ENV, type Env } from '../../config/env.js';
import type { CounterCell } from '../../platform/metrics/cell-counter.js';
import { KeptCells } from '../../platform/metrics/kept-cells.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { defineBreakerMetrics, type BreakerMetrics, type BreakerView } from '../breaker/breaker-metrics.js';
import { CircuitBreaker, type BreakerSettings, type BreakerState, type Outcome } from '../breaker/circuit-breaker.js';
import type { Pause } from '../breaker/pause.js';
import { offerKey } from '../offer-key.js';
import { SharedBreakers, type BreakerNews } from '../persistence/shared-breakers.js';

/** Breakers of offers that failed at some time; an offer that never did needs none. */
const KEPT_BREAKERS = 10_000;
const LONGEST_OPEN_MS = 60_000;
const PROBES = 3;
const SUCCESSES = 2;

/** Something that hears of each change of state. */
export type TransitionListener = (view: BreakerView, from: BreakerState) => void;

interface Named {
  readonly providerId: string;
  readonly modelId: string;
  readonly breaker: CircuitBreaker;
}

/**
 * One breaker for each model at each provider. Only the provider's faults count. Which are open is known to all
 * gateways behind one Redis within a second; all questions are answered from memory.
 */
@Injectable()
export class CircuitBreakerService implements OnApplicationBootstrap {
  private readonly log = new Logger(CircuitBreakerService.name);
  private readonly breakers = new LRUCache<string, Named>({ max: KEPT_BREAKERS });
  private readonly pauses = new LRUCache<string, Pause>({ max: KEPT_BREAKERS });
  private readonly settings: BreakerSettings;
  private readonly metrics: BreakerMetrics;
  private readonly successes: KeptCells<CounterCell>;
  private readonly listeners: TransitionListener[] = [];
  /** What is heard from others is not told to them again. */
  private isHearing = false;

  constructor(
    @Inject(ENV) env: Env,
    private readonly shared: SharedBreakers,
    registry: MetricsRegistry,
  ) {
    this.settings = {
      windowMs: env.BREAKER_WINDOW_MS,
      minimum: env.BREAKER_MINIMUM,
      faultShare: env.BREAKER_FAULT_PERCENT / 100,
      consecutive: env.BREAKER_FAULTS_IN_ROW,
      openMs: env.BREAKER_OPEN_MS,
      longestOpenMs: Math.max(LONGEST_OPEN_MS, env.BREAKER_OPEN_MS),
      probes: PROBES,
      successes: SUCCESSES,
    };
    this.metrics = defineBreakerMetrics(registry, () => this.all());
    this.successes = new KeptCells((provider) => this.metrics.successes.cell({ provider }));
  }

  onApplicationBootstrap(): void {
    this.shared.hear((news) => {
      this.hear(news);
    });
  }

  onTransition(listener: TransitionListener): void {
    this.listeners.push(listener);
  }

  /** For planning: it takes no permit. */
  state(providerId: string, modelId: string): BreakerState {
    return this.breakers.get(offerKey(providerId, modelId))?.breaker.state ?? 'closed';
  }

  /** Takes a permit for one attempt, or says that there is none. */
  tryAcquire(providerId: string, modelId: string): boolean {
    const isLetThrough = this.breakers.get(offerKey(providerId, modelId))?.breaker.tryAcquire() ?? true;
    if (!isLetThrough) this.metrics.rejections.cell({ provider: providerId }).add();
    return isLetThrough;
  }

  /** How an attempt ended. */
  record(providerId: string, modelId: string, outcome: Outcome): void {
    if (outcome === 'fault') this.metrics.failures.cell({ provider: providerId }).add();
    if (outcome === 'success') this.successes.of(providerId).add();
    const known = this.breakers.get(offerKey(providerId, modelId));
    if (known) known.breaker.record(outcome);
    else if (outcome === 'fault') this.create(providerId, modelId).breaker.record(outcome);
  }

  /** The provider asked for some rest, or our account there has troubles: no fault, but no use either. */
  pause(providerId: string, modelId: string, pause: Pause): void {
    this.pauseHere(offerKey(providerId, modelId), pause);
    void this.shared.tell({ kind: 'paused', providerId, modelId, ...pause });
  }

  /** Milliseconds since 1970 until which the offer rests; undefined when it does not. */
  pausedUntil(providerId: string, modelId: string): number | undefined {
    return this.pauseOf(providerId, modelId)?.until;
  }

  pauseOf(providerId: string, modelId: string): Pause | undefined {
    if (this.pauses.size === 0) return undefined;
    const pause = this.pauses.get(offerKey(providerId, modelId));
    return pause && pause.until > Date.now() ? pause : undefined;
  }

  /** Whether the provider asked for some rest, for whatever model. */
  isResting(providerId: string): boolean {
    const now = Date.now();
    return [...this.pauses].some(([key, { until, isBarred }]) => {
      return !isBarred && until > now && key.startsWith(`${providerId} `);
    });
  }

  /** All that have ever opened, or may soon. */
  all(): BreakerView[] {
    return [...this.breakers.values()].map(viewOf);
  }

  view(providerId: string, modelId: string): BreakerView | undefined {
    const known = this.breakers.get(offerKey(providerId, modelId));
    return known && viewOf(known);
  }

  /** Closes the breakers of a provider, and ends its pauses, on every gateway; how many were not closed here. */
  async reset(providerId: string): Promise<number> {
    const closed = this.resetHere(providerId);
    await this.shared.tell({ kind: 'reset', providerId });
    return closed;
  }

  private resetHere(providerId: string): number {
    for (const key of this.pauses.keys()) if (key.startsWith(`${providerId} `)) this.pauses.delete(key);
    const broken = [...this.breakers.values()].filter(
      (one) => one.providerId === providerId && one.breaker.state !== 'closed',
    );
    for (const { breaker } of broken) breaker.close();
    return broken.length;
  }

  private pauseHere(key: string, pause: Pause): void {
    if (pause.until > (this.pauses.get(key)?.until ?? 0)) this.pauses.set(key, pause);
  }

  private create(providerId: string, modelId: string): Named {
    const breaker: CircuitBreaker = new CircuitBreaker(this.settings, {
      now: Date.now,
      random: Math.random,
      changed: (from) => {
        this.changed({ providerId, modelId, breaker }, from);
      },
      witnessed: (outcome) => void this.shared.tell({ kind: 'ended', providerId, modelId, outcome }),
    });
    const named = { providerId, modelId, breaker };
    this.breakers.set(offerKey(providerId, modelId), named);
    return named;
  }

  private changed(named: Named, from: BreakerState): void {
    const view = viewOf(named);
    const { providerId: provider, modelId: model, state } = view;
    this.metrics.transitions.cell({ provider, from_state: from, to_state: state }).add();
    this.log[state === 'open' ? 'warn' : 'log']({ provider, model, from, to: state }, 'circuit breaker');
    for (const listener of this.listeners) listener(view, from);
    if (this.isHearing || state === 'half_open') return;
    const offer = { providerId: provider, modelId: model };
    const { openUntil: until } = view;
    void this.shared.tell(until === undefined ? { kind: 'closed', ...offer } : { kind: 'opened', ...offer, until });
  }

  private hear(news: BreakerNews): void {
    this.isHearing = true;
    if (news.kind === 'reset') this.resetHere(news.providerId);
    else if (news.kind === 'paused') this.pauseHere(offerKey(news.providerId, news.modelId), news);
    else this.hearOf(news);
    this.isHearing = false;
  }

  private hearOf(news: Exclude<BreakerNews, { kind: 'reset' | 'paused' }>): void {
    const { providerId, modelId } = news;
    const isGood = news.kind === 'closed' || (news.kind === 'ended' && news.outcome === 'success');
    const known = this.breakers.get(offerKey(providerId, modelId));
    if (!known && isGood) return;
    const { breaker } = known ?? this.create(providerId, modelId);
    if (news.kind === 'ended') breaker.hear(news.outcome);
    else if (news.kind === 'opened') breaker.openElsewhere(news.until);
    else breaker.close();
  }
}

function viewOf({ providerId, modelId, breaker }: Named): BreakerView {
  const { state } = breaker;
  return { providerId, modelId, state, openUntil: state === 'open' ? breaker.opensAgainAt : undefined };
}
