import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { ConnectedProvider } from '../../providers/connected-provider.js';
import type { DiscoveredModel } from '../../providers/dialect.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import type { CatalogModel } from '../catalog-model.js';
import { buildSnapshot, type CatalogSnapshot } from '../catalog-snapshot.js';
import type { DescribedOffer } from '../described-offer.js';
import { offersOf } from '../provider-offers.js';
import { NO_OVERRIDES, type Overrides } from '../overrides/overrides.js';
import { NO_LISTS, type PublicLists } from '../public-lists/public-lists.js';

export class ModelNotFoundError extends GatewayError {
  override readonly name = 'ModelNotFoundError';
  readonly kind = 'not_found';
  readonly code = 'model_not_found';
  override readonly param = 'model';

  constructor(model: string) {
    super(`The model "${model}" does not exist, or no provider that is set up here serves it.`);
  }
}

/** Which models there are and who offers them. Answers from memory; the whole snapshot is swapped at once. */
@Injectable()
export class CatalogService {
  private snapshot: CatalogSnapshot | undefined;
  private readonly discoveries = new Map<string, readonly DiscoveredModel[]>();
  /** By provider: what one says anew changes nothing of the others. */
  private readonly offers = new Map<string, readonly DescribedOffer[]>();
  private lists = NO_LISTS;
  private overrides = NO_OVERRIDES;

  constructor(private readonly providers: ProviderRegistryService) {}

  /** By canonical id, bare name or a name that was replaced, exactly. @throws ModelNotFoundError */
  resolve(name: string): CatalogModel {
    const model = this.find(name);
    if (!model) throw new ModelNotFoundError(name.slice(0, 200));
    return model;
  }

  /** By canonical id, bare name or a name that was replaced, exactly. */
  find(name: string): CatalogModel | undefined {
    const { models, aliases, redirects } = this.current();
    return models.get(name) ?? models.get(aliases.get(name) ?? redirects.get(name) ?? '');
  }

  /** The canonical id of the model that answers instead of one that there is no more; undefined for all other names. */
  successorOf(name: string): string | undefined {
    return this.current().redirects.get(name);
  }

  all(): CatalogModel[] {
    return [...this.current().models.values()];
  }

  /** Every offer by canonical id, also those to which no calls go. */
  described(): ReadonlyMap<string, readonly DescribedOffer[]> {
    return this.current().described;
  }

  /** What a provider's own list says, or undefined when it must be forgotten. */
  discover(providerId: string, models: readonly DiscoveredModel[] | undefined): void {
    if (models) this.discoveries.set(providerId, models);
    else this.discoveries.delete(providerId);
    this.offers.delete(providerId);
    this.snapshot = this.build();
  }

  /** What public lists say; those that are not named stay. */
  publish(lists: Partial<PublicLists>): void {
    this.lists = { ...this.lists, ...lists };
    this.rebuild();
  }

  /** What administrators say, instead of all that they said before. */
  override(overrides: Overrides): void {
    this.overrides = overrides;
    this.rebuild();
  }

  /** Swaps the catalogue for one of the providers and lists as they are now. */
  rebuild(): void {
    this.offers.clear();
    this.snapshot = this.build();
  }

  private current(): CatalogSnapshot {
    this.snapshot ??= this.build();
    return this.snapshot;
  }

  private build(): CatalogSnapshot {
    const providers = this.providers.enabled();
    return buildSnapshot(
      providers,
      providers.flatMap((connected) => this.offersOf(connected)),
    );
  }

  private offersOf(connected: ConnectedProvider): readonly DescribedOffer[] {
    const { id } = connected.provider;
    const known = this.offers.get(id);
    if (known) return known;
    const { discoveries, lists, overrides } = this;
    const offers = offersOf(connected, { discoveries, lists, overrides });
    this.offers.set(id, offers);
    return offers;
  }
}
