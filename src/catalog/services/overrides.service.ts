import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../auth/api-key-settings.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import type { KnownProvider, OfferChanges, ProviderChanges } from '../overrides/changes.js';
import { NO_OVERRIDES, UNTOUCHED_PROVIDER, type Overrides, type ProviderSetting } from '../overrides/overrides.js';
import { ChangeNews } from '../persistence/change-news.js';
import { OverridesRepository } from '../persistence/overrides.repository.js';
import { CatalogService } from './catalog.service.js';
import { ListIntakeService } from './list-intake.service.js';

/** For gateways that cannot hear of changes. */
const RELOAD_MS = 10_000;

/** Brings what administrators say into the catalogue of every gateway. While the database is away the last words stay. */
@Injectable()
export class OverridesService implements OnApplicationBootstrap {
  private readonly log = new Logger(OverridesService.name);
  private known: Overrides = NO_OVERRIDES;
  private loads = 0;
  private newest: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: OverridesRepository,
    private readonly news: ChangeNews,
    private readonly database: DatabaseService,
    private readonly catalog: CatalogService,
    private readonly intake: ListIntakeService,
  ) {}

  onApplicationBootstrap(): void {
    this.news.onChange('catalogue', () => void this.load());
    this.database.ready().then(
      () => this.load(),
      () => undefined,
    );
  }

  settingOf(providerId: string): ProviderSetting {
    return this.known.providers.get(providerId) ?? UNTOUCHED_PROVIDER;
  }

  async changeModel(actor: Actor, modelId: string, changes: OfferChanges): Promise<void> {
    await this.repository.changeModel(actor, modelId, changes);
    await this.changed();
  }

  async changeProvider(actor: Actor, known: KnownProvider, changes: ProviderChanges): Promise<void> {
    await this.repository.changeProvider(actor, known, changes);
    await this.changed();
  }

  /** Believes what was held back of a list. @throws NotFoundError when nothing is */
  async accept(actor: Actor, source: string): Promise<void> {
    const held = this.intake.heldOf(source);
    if (!held) throw new NotFoundError(`Nothing of a list called "${source.slice(0, 200)}" is held back.`);
    await this.repository.accept(actor, held);
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
      const [overrides, accepted] = await Promise.all([this.repository.read(), this.repository.accepted()]);
      // One that began earlier may end later, and knows less; who waits for it waits for the newest.
      if (load !== this.loads) {
        await this.newest;
        return;
      }
      if (!isDeepStrictEqual(overrides, this.known)) this.catalog.override(overrides);
      this.known = overrides;
      this.intake.allow(accepted);
    } catch (error) {
      this.log.warn({ err: error }, 'what administrators say of models cannot be read; the last known stays');
    }
  }

  private async changed(): Promise<void> {
    await this.load();
    await this.news.tell('catalogue');
  }
}
