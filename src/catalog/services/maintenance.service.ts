import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Actor } from '../../auth/api-key-settings.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { MaintenanceSchedule } from '../maintenance/maintenance-schedule.js';
import type { MaintenanceScope, MaintenanceWindow } from '../maintenance/maintenance-window.js';
import { ChangeNews } from '../persistence/change-news.js';
import { MaintenanceRepository } from '../persistence/maintenance.repository.js';
import { CatalogService } from './catalog.service.js';

/** For gateways that cannot hear of changes. */
const RELOAD_MS = 10_000;

/** What administrators keep out of service, and when. It is in the database; every gateway answers from its memory. */
@Injectable()
export class MaintenanceService implements OnApplicationBootstrap {
  private readonly log = new Logger(MaintenanceService.name);
  private schedule = new MaintenanceSchedule([]);
  private loads = 0;
  private newest: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: MaintenanceRepository,
    private readonly news: ChangeNews,
    private readonly database: DatabaseService,
    private readonly catalog: CatalogService,
    private readonly providers: ProviderRegistryService,
  ) {}

  onApplicationBootstrap(): void {
    this.news.onChange('maintenance', () => void this.load());
    this.database.ready().then(
      () => this.load(),
      () => undefined,
    );
  }

  /** What keeps calls away from a model at a provider at the moment. */
  at(providerId: string, modelId: string): MaintenanceWindow | undefined {
    return this.schedule.at(providerId, modelId, Date.now());
  }

  /** Whether calls are kept away from all models of a provider. */
  ofProvider(providerId: string): boolean {
    return this.schedule.ofProvider(providerId, Date.now());
  }

  /** What is under way or planned, the first to begin first. */
  ahead(): MaintenanceWindow[] {
    return this.schedule.ahead(Date.now());
  }

  /** Replaces what was planned for the same. @throws NotFoundError when nothing here has this name */
  async plan(
    actor: Actor,
    name: string,
    times: Omit<MaintenanceWindow, keyof MaintenanceScope>,
  ): Promise<MaintenanceWindow> {
    const window = { ...this.scopeOf(name), ...times };
    await this.repository.keep(actor, window);
    await this.changed();
    return window;
  }

  /** @throws NotFoundError when there is none */
  async end(actor: Actor, name: string): Promise<void> {
    // A model that nobody offers any more has its name only there.
    const scope = this.schedule.named(name) ?? this.scopeOf(name);
    if (!(await this.repository.end(actor, scope))) throw new NotFoundError(`No maintenance of "${name}" is planned.`);
    await this.changed();
  }

  /** What was not heard of, from the database. Never throws. */
  @Interval(RELOAD_MS)
  async load(): Promise<void> {
    if (this.database.state !== 'up') return;
    this.newest = this.read((this.loads += 1));
    await this.newest;
  }

  private async read(load: number): Promise<void> {
    try {
      const windows = await this.repository.list();
      // One that began earlier may end later, and knows less; who waits for it waits for the newest.
      if (load === this.loads) this.schedule = new MaintenanceSchedule(windows);
      else await this.newest;
    } catch (error) {
      this.log.warn({ err: error }, 'the plan of maintenance cannot be read; the last one stays');
    }
  }

  private async changed(): Promise<void> {
    await this.load();
    await this.news.tell('maintenance');
  }

  /** Models may have a colon in their name, as in `:free`; so the whole name is tried first. */
  private scopeOf(name: string): MaintenanceScope {
    if (this.providers.find(name)) return { providerId: name, modelId: undefined };
    const model = this.catalog.find(name);
    if (model) return { providerId: undefined, modelId: model.id };
    const [providerId = '', ...rest] = name.split(':');
    const offered = this.catalog.find(rest.join(':'));
    if (offered?.offers.some(({ connected }) => connected.provider.id === providerId)) {
      return { providerId, modelId: offered.id };
    }
    throw new NotFoundError(`"${name.slice(0, 200)}" is no model, no provider, and no provider:model of this gateway.`);
  }
}
