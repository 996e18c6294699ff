import { Inject, Injectable } from '@nestjs/common';
import { MaintenanceService } from '../../catalog/services/maintenance.service.js';
import { ENV, type Env } from '../../config/env.js';
import type { ConnectedProvider } from '../../providers/connected-provider.js';
import { ModelListService } from '../../providers/services/model-list.service.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { TinyCallService } from '../../providers/services/tiny-call.service.js';
import { UpstreamError } from '../../providers/upstream-errors.js';
import type { Probe } from '../health-report.js';

/** So many providers are asked at once. */
const AT_ONCE = 8;
/** Probes that are older say nothing about now. */
const KEPT_MS = 5 * 60_000;

/** Asks providers how they are: for the list of their models, or for one token where a model is named for that. */
@Injectable()
export class ProbeService {
  private probes: readonly Probe[] = [];

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly registry: ProviderRegistryService,
    private readonly maintenance: MaintenanceService,
    private readonly lists: ModelListService,
    private readonly tinyCalls: TinyCallService,
  ) {}

  /** What was asked lately, the oldest first. */
  recent(): Probe[] {
    return this.probes.filter(({ at }) => Date.now() - at < KEPT_MS);
  }

  /** Asks everybody who may be asked, but for those whom callers keep busy. */
  async askIdle(isBusy: (providerId: string) => boolean): Promise<void> {
    const idle = this.registry
      .enabled()
      .filter((connected) => this.canAsk(connected) && !isBusy(connected.provider.id));
    const fresh: Probe[] = [];
    for (let first = 0; first < idle.length; first += AT_ONCE) {
      const some = idle.slice(first, first + AT_ONCE);
      fresh.push(...(await Promise.all(some.map((connected) => this.ask(connected)))));
    }
    this.probes = [...this.recent(), ...fresh];
  }

  /** A server that is only looked for need not be there; not everybody has anything cheap to ask for. */
  private canAsk({ provider }: ConnectedProvider): boolean {
    const isOnlyLookedFor = provider.isFree === true && provider.apiKeyVariable === undefined;
    const hasAnswer = this.env.HEALTH_PROBE_MODELS.has(provider.id) || provider.listsModels !== false;
    return hasAnswer && !isOnlyLookedFor && !this.maintenance.ofProvider(provider.id);
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
      // A provider that refuses us is there.
      return !error.isProvidersFault;
    }
  }
}
