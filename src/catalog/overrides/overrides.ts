import type { Capability } from '../capabilities.js';
import type { Price } from '../price.js';

/** What an administrator says of one offer; it outranks every list. Undefined is what the lists say. */
export interface OfferOverride {
  readonly modelId: string;
  readonly providerId: string;
  readonly isActive: boolean;
  readonly name: string | undefined;
  readonly nativeId: string | undefined;
  readonly price: Price | undefined;
  readonly contextLength: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly capabilities: readonly Capability[] | undefined;
  readonly weight: number | undefined;
}

/** What an administrator says of a provider. */
export interface ProviderSetting {
  readonly isEnabled: boolean;
  readonly priority: number;
}

/** All that administrators said, at one moment. */
export interface Overrides {
  readonly offers: readonly OfferOverride[];
  /** By id; those that are not there are enabled, with priority 0. */
  readonly providers: ReadonlyMap<string, ProviderSetting>;
}

export const NO_OVERRIDES: Overrides = { offers: [], providers: new Map() };
export const UNTOUCHED_PROVIDER: ProviderSetting = { isEnabled: true, priority: 0 };
