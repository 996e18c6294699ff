import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { MaintenanceService } from '../../catalog/services/maintenance.service.js';
import { ENV, type Env } from '../../config/env.js';
import type { ConnectedProvider } from '../../providers/connected-provider.js';
import { CircuitBreakerService } from '../../providers/services/circuit-breaker.service.js';
import { ModelListService } from '../../providers/services/model-list.service.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { TinyCallService } from '../../providers/services/tiny-call.service.js';
import { UpstreamError } from '../../providers/upstream-errors.js';
import type { Probe } from '../health-report.js';

/** So many providers are asked at once. */
const AT_ONCE = 8;
/** A round goes on without those who have not answered by then; what they say counts in the next one. */
const PATIENCE_MS = 5_000;
/** A provider that wants no more questions, and does not say for how long. */
const REST_MS = 60_000;
/** Probes that are older say nothing about now. */
const KEPT_MS = 5 * 60_000;

/** Asks providers how they are: for the list of their models, or for one token where a model is named for that. */
@Injectable()
export class ProbeService {
  private probes: readonly Probe[] = [];
  private readonly asking = new Set<string>();
  /** Milliseconds since 1970, by provider. */
  private readonly restsUntil = new Map<string, number>();

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly registry: ProviderRegistryService,
    private readonly maintenance: MaintenanceService,
    private readonly breakers: CircuitBreakerService,
    private readonly lists: ModelListService,
    private readonly tinyCalls: TinyCallService,
  ) {}

  /** What was asked lately, the oldest first. */
  recent(): Probe[] {
    return this.probes.filter(({ at }) => Date.now() - at < KEPT_MS);
  }

  /** Asks everybody who may be asked, but for those whom callers keep busy. Does not wait for the slowest. */
  async askIdle(isBusy: (providerId: string) => boolean): Promise<void> {
    const idle = this.registry
      .enabled()
      .filter((connected) => this.canAsk(connected) && !isBusy(connected.provider.id))
      .values();
    const all = Promise.all(Array.from({ length: AT_ONCE }, () => this.askEach(idle)));
    await Promise.race([all, sleep(PATIENCE_MS, undefined, { ref: false })]);
  }

  /** Several of these share one iterator, so that each provider is asked by one of them. */
  private async askEach(idle: Iterable<ConnectedProvider>): Promise<void> {
    for (const connected of idle) {
      if (this.asking.has(connected.provider.id)) continue;
      this.asking.add(connected.provider.id);
      try {
        const probe = await this.ask(connected);
        this.probes = [...this.recent(), probe];
      } finally {
        this.asking.delete(connected.provider.id);
      }
    }
  }

  /** A server that is only looked for need not be there; not everybody has anything cheap to ask for. */
  private canAsk({ provider }: ConnectedProvider): boolean {
    const isOnlyLookedFor = provider.isFree === true && provider.apiKeyVariable === undefined;
    const hasAnswer = this.env.HEALTH_PROBE_MODELS.has(provider.id) || provider.listsModels !== false;
    return hasAnswer && !isOnlyLookedFor && !this.isLeftAlone(provider.id);
  }

  private isLeftAlone(providerId: string): boolean {
    const isResting = (this.restsUntil.get(providerId) ?? 0) > Date.now() || this.breakers.isResting(providerId);
    return isResting || this.maintenance.ofProvider(providerId);
  }

  private async ask(connected: ConnectedProvider): Promise<Probe> {
    const startedAt = performance.now();
    const isOk = await this.isAnswered(connected);
    return { providerId: connected.provider.id, at: Date.now(), isOk, latencyMs: performance.now() - startedAt };
  }

  /** Whatever goes wrong is what was to be found out. */
  private async isAnswered(connected: ConnectedProvider): Promise<boolean> {
    const model = this.env.HEALTH_PROBE_MODELS.get(connected.provider.id);
    try {
      if (model === undefined) await this.lists.read(connected);
      else await this.tinyCalls.make(connected, model);
      return true;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      if (error.reason === 'rate_limited')
        this.restsUntil.set(connected.provider.id, Date.now() + (error.retryAfterMs ?? REST_MS));
      // A provider that refuses us is there.
      return !error.isProvidersFault;
    }
  }
}
