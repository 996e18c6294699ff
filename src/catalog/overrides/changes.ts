import type { Capability } from '../capabilities.js';
import type { PricingText } from '../pricing-text.js';

/** What of an offer is to be changed, named like its columns; null is what the lists say. */
export interface OfferChanges {
  readonly provider: string;
  readonly active?: boolean;
  readonly name?: string | null;
  readonly native_id?: string | null;
  readonly pricing?: Partial<PricingText> | null;
  readonly context_length?: number | null;
  readonly max_output_tokens?: number | null;
  readonly capabilities?: readonly Capability[] | null;
  readonly weight?: number | null;
}

export interface ProviderChanges {
  readonly enabled?: boolean;
  readonly priority?: number;
}

/** What the gateway itself knows of a provider, named like the columns. */
export interface KnownProvider {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  /** The name of the variable that holds the key. */
  readonly credentials: string | null;
}
