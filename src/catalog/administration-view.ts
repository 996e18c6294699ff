import { capabilitiesOf } from './capabilities.js';
import type { DescribedOffer } from './described-offer.js';
import type { OfferOverride } from './overrides/overrides.js';
import { viewPrice, type PricingText } from './pricing-text.js';
import type { AdministeredModel, AdministeredProvider } from './services/catalog-administration.service.js';
import type { ListState } from './services/list-intake.service.js';

/** An offer as it stands, and what of it an administrator said. */
export interface DescribedOfferView {
  readonly provider: string;
  readonly native_id: string;
  readonly status: DescribedOffer['status'];
  readonly active: boolean;
  readonly context_length: number | null;
  readonly max_output_tokens: number | null;
  readonly capabilities: readonly string[];
  readonly supported_parameters: readonly string[] | null;
  /** USD per token, as text; null when nobody knows it. */
  readonly pricing: PricingText | null;
  readonly weight: number;
  readonly priority: number;
  /** The members that the lists do not decide. */
  readonly overridden: readonly string[];
}

export function viewAdministeredModel({ id, offers }: AdministeredModel): object {
  return { id, object: 'model', name: nameOf(offers) ?? id, offers: offers.map(viewDescribedOffer) };
}

export function viewAdministeredProvider(provider: AdministeredProvider): object {
  const { id, name, endpoint, credentials, setting, activeOffers } = provider;
  const { isEnabled: enabled, priority } = setting;
  return { id, object: 'provider', name, endpoint, credentials, enabled, priority, active_offers: activeOffers };
}

export function viewList({ source, models, readAt, held }: ListState): object {
  const heldBack = held && { since: timeOf(held.since), models: held.edition.size, doubts: held.doubts };
  return { source, object: 'model_list', models, read_at: timeOf(readAt), held_back: heldBack ?? null };
}

function viewDescribedOffer(offer: DescribedOffer): DescribedOfferView {
  const { connected, override, status, supportedParameters, price } = offer;
  return {
    provider: connected.provider.id,
    native_id: offer.nativeId,
    status,
    active: override?.isActive ?? true,
    context_length: offer.contextLength ?? null,
    max_output_tokens: offer.maxOutputTokens ?? null,
    capabilities: capabilitiesOf(offer),
    supported_parameters: supportedParameters ? [...supportedParameters].sort() : null,
    pricing: price ? viewPrice(price()) : null,
    weight: offer.weight,
    priority: offer.priority,
    overridden: override ? overriddenBy(override) : [],
  };
}

function overriddenBy(override: OfferOverride): string[] {
  const members = {
    active: override.isActive ? undefined : false,
    name: override.name,
    native_id: override.nativeId,
    pricing: override.price,
    context_length: override.contextLength,
    max_output_tokens: override.maxOutputTokens,
    capabilities: override.capabilities,
    weight: override.weight,
  };
  return Object.entries(members).flatMap(([name, said]) => (said === undefined ? [] : name));
}

function nameOf(offers: readonly DescribedOffer[]): string | undefined {
  const said = offers.find(({ override }) => override?.name !== undefined)?.override?.name;
  return said ?? offers.find(({ entry }) => entry.facts.name !== undefined)?.entry.facts.name;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
