import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import type { ConnectedProvider } from '../../providers/connected-provider.js';
import type { DiscoveredModel } from '../../providers/dialect.js';
import { ModelListService } from '../../providers/services/model-list.service.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { UpstreamError } from '../../providers/upstream-errors.js';
import { CatalogService } from './catalog.service.js';
import { ListIntakeService } from './list-intake.service.js';

/** A local server comes and goes as its owner works with it. */
const LOCAL_INTERVAL_MS = 30_000;

/** Reads the providers' own lists of models in the background; a request never waits for one. */
@Injectable()
export class ModelSyncService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(ModelSyncService.name);
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly unreadable = new Set<string>();

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly registry: ProviderRegistryService,
    private readonly lists: ModelListService,
    private readonly catalog: CatalogService,
    private readonly intake: ListIntakeService,
  ) {}

  onApplicationBootstrap(): void {
    const isLocal = ({ provider }: ConnectedProvider) => provider.isFree === true;
    this.repeat(this.env.MODEL_SYNC_INTERVAL_MS, (provider) => !isLocal(provider));
    this.repeat(Math.min(LOCAL_INTERVAL_MS, this.env.MODEL_SYNC_INTERVAL_MS), isLocal);
  }

  onApplicationShutdown(): void {
    this.timers.forEach(clearInterval);
  }

  /** Reads the list of every provider that has one. Never throws. */
  async sync(isWanted: (provider: ConnectedProvider) => boolean = () => true): Promise<void> {
    const listing = this.registry.enabled().filter((connected) => connected.provider.listsModels !== false);
    await Promise.all(listing.filter(isWanted).map((connected) => this.syncOne(connected)));
  }

  private repeat(intervalMs: number, isWanted: (provider: ConnectedProvider) => boolean): void {
    void this.sync(isWanted);
    this.timers.push(setInterval(() => void this.sync(isWanted), intervalMs));
  }

  private async syncOne(connected: ConnectedProvider): Promise<void> {
    const { id } = connected.provider;
    try {
      this.take(connected, await this.lists.read(connected));
      if (this.unreadable.delete(id)) this.log.log({ provider: id }, 'the list of models can be read again');
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      this.failed(connected, error);
    }
  }

  private take({ provider }: ConnectedProvider, models: readonly DiscoveredModel[]): void {
    const apply = (): void => {
      this.catalog.discover(provider.id, models);
    };
    // The owner of a local server adds and removes models as he works with it.
    if (provider.isFree) apply();
    else
      this.intake.take({ source: provider.id, edition: new Map(models.map(({ nativeId }) => [nativeId, []])), apply });
  }

  private failed({ provider }: ConnectedProvider, error: UpstreamError): void {
    // What a local server cannot list it cannot serve; a hosted one stays as it was last known.
    if (provider.isFree) this.catalog.discover(provider.id, undefined);
    if (this.unreadable.has(provider.id)) return;
    this.unreadable.add(provider.id);
    const isOnlyLookedFor = provider.isFree === true && provider.apiKeyVariable === undefined;
    this.log[isOnlyLookedFor ? 'debug' : 'warn']({ provider: provider.id, reason: error.message }, 'no list of models');
  }
}
