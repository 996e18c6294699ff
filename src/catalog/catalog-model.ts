import type { ConnectedProvider } from '../providers/connected-provider.js';
import type { Modalities } from './price-list.js';
import type { Price } from './price.js';

/** One provider's way to serve a model. */
export interface Offer {
  readonly connected: ConnectedProvider;
  /** What the provider calls the model. */
  readonly nativeId: string;
  readonly contextLength: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** What it reads; undefined when nobody says, which is no reason to refuse. */
  readonly inputModalities: ReadonlySet<string> | undefined;
  /** Top-level members of OpenAI's chat request that it understands; undefined when nobody says. */
  readonly supportedParameters: ReadonlySet<string> | undefined;
  /** Its share of the calls against the model's other offers; 0 is never, 1 unless an administrator said otherwise. */
  readonly weight: number;
  /** Offers with a higher one are tried before all others; 0 unless an administrator said otherwise. */
  readonly priority: number;
  /** The price at the moment; one that changes with the time is asked for anew. */
  readonly price: () => Price;
}

/** A model under the name that callers use, such as `openai/gpt-5`. */
export interface CatalogModel {
  readonly id: string;
  readonly name: string;
  readonly ownedBy: string;
  /** Seconds since 1970, or 0 when nobody says. */
  readonly created: number;
  /** The largest of its offers. */
  readonly contextLength: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly modalities: Modalities;
  /** `chat` and `streaming` if it writes, and what else at least one offer can do. */
  readonly capabilities: readonly string[];
  /** Members of a chat request that at least one offer understands, from A to Z; none when nobody says. */
  readonly supportedParameters: readonly string[];
  /** At least one. */
  readonly offers: readonly [Offer, ...Offer[]];
}
