import type { KnobTable } from '../config/knob.js';
import type { Dialect, DialectTraits } from './dialect.js';
import type { RequestSigner } from './request-signer.js';

/**
 * An upstream, as data. A provider that speaks a known dialect is one file with one of these, and one line in
 * `all-providers.ts`; what it does differently is a field here, never a branch elsewhere.
 */
export interface LlmProvider extends DialectTraits {
  readonly name: string;
  /** Without a slash at its end. `{VARIABLE}` stands for a variable of the environment that must be set. */
  readonly baseUrl: string;
  /** What has to be put right in it once its variables are filled in. */
  readonly correctBaseUrl?: (url: string) => string;
  /** The provider is enabled when this variable is set; one without it needs no key. */
  readonly apiKeyVariable?: string;
  readonly dialect: Dialect;
  /** The headers that carry the key; `Authorization: Bearer …` unless said otherwise. */
  readonly authorize?: (apiKey: string) => Readonly<Record<string, string>>;
  /**
   * What signs each request, where a key in a header is not enough; undefined when the environment (the argument) does
   * not set the provider up.
   */
  readonly signer?: (variables: Readonly<Record<string, string | undefined>>) => RequestSigner | undefined;
  /** The variables that the signer reads, for those who look for them. */
  readonly credentialVariables?: readonly string[];
  /** Settings that only this provider has. */
  readonly ownSettings?: OwnSettings;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of the client that travel on to this provider. */
  readonly forwardedHeaders?: readonly string[];
  /** False: it has no list of models to read. */
  readonly listsModels?: false;
  /** Where that list is, `/models` unless said otherwise. */
  readonly modelsPath?: string;
  /** Its id in the public price list, when it is another; null when it is not in the list. */
  readonly priceListId?: string | null;
  /** Its id in the list of models.dev, when it is another; null when it is not in that list. */
  readonly modelsDevId?: string | null;
  /** Everybody may read its list of models: `OPENROUTER_MODELS_URL` says where. */
  readonly hasPublicList?: true;
  /**
   * Native ids that it served once, or that stand for another, and what it recommends instead; heeded as soon as it
   * does not serve the old one any more.
   */
  readonly replacedModels?: Readonly<Record<string, string>>;
  /**
   * What stands before its own names in canonical ones: the id unless said otherwise, and nothing when its own names
   * are canonical (`openai/gpt-5`) already.
   */
  readonly modelPrefix?: string;
  /** Stands before each of its native ids and in no canonical name. */
  readonly nativeIdPrefix?: string;
  /**
   * What it offers, where what stands in the price list are not the names to ask for: by native id, the canonical names
   * of each. Only names of the very same model; never a guess.
   */
  readonly offeredModels?: Readonly<Record<string, readonly string[]>>;
  /** USD per million tokens, by native id, for what no public list knows. */
  readonly ownPrices?: Readonly<Record<string, OwnPrice>>;
  /** It makes the models that it serves, so that they may also be asked for by their bare names. */
  readonly isAuthor?: true;
  /** It runs on the operator's own machines: its models cost nothing. */
  readonly isFree?: true;
  /**
   * It goes on, and bills for all of it, when a stream is given up: so the rest is read for its usage for a while.
   */
  readonly billsWhenCancelled?: true;
  /** Where it needs others than everybody; `<ID>_FIRST_TOKEN_TIMEOUT_MS` and its like outrank them. */
  readonly deadlines?: Partial<Deadlines>;
}

export interface OwnSettings {
  /** By the names of their variables. */
  readonly knobs: KnobTable;
  /** What these variables change in the provider's data; each that is wrong is a line of `problems`. */
  readonly read: (variables: Readonly<Record<string, string | undefined>>) => {
    readonly changes: Partial<LlmProvider>;
    readonly problems: readonly string[];
  };
}

/** USD per million tokens. */
export interface OwnPrice {
  readonly input: number;
  readonly cachedInput?: number;
  readonly output: number;
}

/** Milliseconds. */
export interface Deadlines {
  readonly connectMs: number;
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}
