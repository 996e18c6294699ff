import { Injectable } from '@nestjs/common';
import type { Actor } from '../../auth/api-key-settings.js';
import { InvalidRequestError, NotFoundError } from '../../platform/errors/request-errors.js';
import type { ConnectedProvider } from '../../providers/connected-provider.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import type { DescribedOffer } from '../described-offer.js';
import type { KnownProvider, OfferChanges, ProviderChanges } from '../overrides/changes.js';
import type { ProviderSetting } from '../overrides/overrides.js';
import { CatalogService, ModelNotFoundError } from './catalog.service.js';
import { ListIntakeService, type ListState } from './list-intake.service.js';
import { OverridesService } from './overrides.service.js';

/** A model with all its offers, also those to which no calls go. */
export interface AdministeredModel {
  readonly id: string;
  readonly offers: readonly DescribedOffer[];
}

export interface AdministeredProvider extends KnownProvider {
  readonly setting: ProviderSetting;
  /** How many of its offers calls may go to. */
  readonly activeOffers: number;
}

/** What administrators see and change of the catalogue. */
@Injectable()
export class CatalogAdministrationService {
  constructor(
    private readonly catalog: CatalogService,
    private readonly providerRegistry: ProviderRegistryService,
    private readonly overrides: OverridesService,
    private readonly intake: ListIntakeService,
  ) {}

  /** Those with the text in their id or in a native id, from A to Z. */
  models(sought = ''): AdministeredModel[] {
    const text = sought.toLowerCase();
    return [...this.catalog.described()]
      .filter(([id, offers]) => [id, ...offers.map(({ nativeId }) => nativeId)].some((name) => holds(name, text)))
      .map(([id, offers]) => ({ id, offers }));
  }

  /** @throws ModelNotFoundError */
  model(id: string): AdministeredModel {
    const offers = this.catalog.described().get(id);
    if (!offers) throw new ModelNotFoundError(id.slice(0, 200));
    return { id, offers };
  }

  /** @throws ModelNotFoundError, InvalidRequestError when the provider is not set up, or has no such model */
  async changeModel(actor: Actor, id: string, changes: OfferChanges): Promise<AdministeredModel> {
    this.refuseUnknown(id, changes);
    await this.overrides.changeModel(actor, id, changes);
    // One that only an administrator knew may be known to nobody now.
    return { id, offers: this.catalog.described().get(id) ?? [] };
  }

  providers(): AdministeredProvider[] {
    const offers = [...this.catalog.described().values()].flat();
    return this.providerRegistry.enabled().map((connected) => this.describe(connected, offers));
  }

  /** @throws NotFoundError when the provider is not set up here */
  async changeProvider(actor: Actor, id: string, changes: ProviderChanges): Promise<AdministeredProvider> {
    const connected = this.providerRegistry.find(id);
    if (!connected) throw new NotFoundError(`No provider called "${id.slice(0, 200)}" is set up here.`);
    await this.overrides.changeProvider(actor, known(connected), changes);
    return this.describe(connected, [...this.catalog.described().values()].flat());
  }

  lists(): ListState[] {
    return this.intake.states();
  }

  /** @throws NotFoundError when nothing of this list is held back */
  async accept(actor: Actor, source: string): Promise<ListState[]> {
    await this.overrides.accept(actor, source);
    return this.lists();
  }

  private refuseUnknown(id: string, { provider, native_id: nativeId }: OfferChanges): void {
    if (!this.providerRegistry.find(provider)) {
      throw new InvalidRequestError('No provider of this name is set up here.', 'provider', 'invalid_value');
    }
    if (typeof nativeId === 'string') return;
    const { offers } = this.model(id);
    if (offers.some(({ connected }) => connected.provider.id === provider)) return;
    const reason = `${provider} offers no ${id}. To add it, say in native_id what the provider calls it.`;
    throw new InvalidRequestError(reason, 'native_id', 'invalid_value');
  }

  private describe(connected: ConnectedProvider, offers: readonly DescribedOffer[]): AdministeredProvider {
    const { id } = connected.provider;
    const active = offers.filter((offer) => offer.connected.provider.id === id && offer.status === 'active');
    return { ...known(connected), setting: this.overrides.settingOf(id), activeOffers: active.length };
  }
}

function holds(name: string, text: string): boolean {
  return name.toLowerCase().includes(text);
}

/** Without what an address may hold of secrets. */
function known({ provider, baseUrl }: ConnectedProvider): KnownProvider {
  const { origin, pathname } = new URL(baseUrl);
  const { id, name, apiKeyVariable: credentials = null } = provider;
  return { id, name, endpoint: `${origin}${pathname}`, credentials };
}
