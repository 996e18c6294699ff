import type { CatalogModel } from './catalog-model.js';
import { inputDollarsPerMillion, viewModel, type ModelView } from './model-view.js';

export interface ModelFilters {
  readonly provider?: string;
  readonly modality?: string;
  readonly capability?: string;
  readonly q?: string;
  readonly max_price?: number;
  readonly limit?: number;
  readonly offset?: number;
  readonly order?: 'id' | 'price' | 'created' | 'context_length';
}

export interface ModelPage {
  readonly data: ModelView[];
  readonly total: number;
  readonly returned: number;
  readonly offset: number;
  readonly limit: number | null;
}

type Order = NonNullable<ModelFilters['order']>;

/** Cheapest, newest, longest first; names from A to Z. */
const ORDERS: Record<Order, (a: CatalogModel, b: CatalogModel) => number> = {
  id: (a, b) => (a.id < b.id ? -1 : 1),
  price: (a, b) => inputDollarsPerMillion(a) - inputDollarsPerMillion(b),
  created: (a, b) => b.created - a.created,
  context_length: (a, b) => (b.contextLength ?? 0) - (a.contextLength ?? 0),
};

/** The models that a caller asked for, as they are shown. Pure. */
export function pageOfModels(models: readonly CatalogModel[], filters: ModelFilters): ModelPage {
  const { offset = 0, limit, order = 'id' } = filters;
  const matching = models.filter((model) => matches(model, filters)).sort(ORDERS[order]);
  const page = matching.slice(offset, limit === undefined ? undefined : offset + limit);
  return { data: page.map(viewModel), total: matching.length, returned: page.length, offset, limit: limit ?? null };
}

function matches(model: CatalogModel, filters: ModelFilters): boolean {
  const { providers, modalities, capabilities } = viewModel(model);
  const { q: sought = '', max_price: maxPrice = Number.POSITIVE_INFINITY } = filters;
  return (
    includes(providers, filters.provider) &&
    includes([...modalities.input, ...modalities.output], filters.modality) &&
    includes(capabilities, filters.capability) &&
    inputDollarsPerMillion(model) <= maxPrice &&
    `${model.id}\n${model.name}`.toLowerCase().includes(sought.toLowerCase())
  );
}

function includes(values: readonly string[], wanted: string | undefined): boolean {
  return wanted === undefined || values.includes(wanted);
}
