import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { DiscoveredModel } from '../../providers/dialect.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import type { CatalogModel } from '../catalog-model.js';
import { buildSnapshot, type CatalogSnapshot } from '../catalog-snapshot.js';

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

  constructor(private readonly providers: ProviderRegistryService) {}

  /** By canonical id or bare name, exactly. @throws ModelNotFoundError */
  resolve(name: string): CatalogModel {
    const model = this.find(name);
    if (!model) throw new ModelNotFoundError(name.slice(0, 200));
    return model;
  }

  /** By canonical id or bare name, exactly. */
  find(name: string): CatalogModel | undefined {
    const { models, aliases } = this.current();
    return models.get(name) ?? models.get(aliases.get(name) ?? '');
  }

  all(): CatalogModel[] {
    return [...this.current().models.values()];
  }

  /** What a provider's own list says, or undefined when it must be forgotten. */
  discover(providerId: string, models: readonly DiscoveredModel[] | undefined): void {
    if (models) this.discoveries.set(providerId, models);
    else this.discoveries.delete(providerId);
    this.rebuild();
  }

  /** Swaps the catalogue for one of the providers and lists as they are now. */
  rebuild(): void {
    this.snapshot = buildSnapshot(this.providers.enabled(), this.discoveries);
  }

  private current(): CatalogSnapshot {
    this.snapshot ??= buildSnapshot(this.providers.enabled(), this.discoveries);
    return this.snapshot;
  }
}
