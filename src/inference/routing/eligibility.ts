import type { Offer } from '../../catalog/catalog-model.js';
import type { TokenPrice } from '../../catalog/price.js';
import type { JsonObject } from '../../platform/json/json-document.js';
import { providerIdOf, type Candidate, type OfferStanding } from './candidate.js';
import type { RequestNeeds } from './request-needs.js';
import type { RoutingPreferences } from './routing-preferences.js';

/** Why an offer will not do for a request. */
export type Ineligibility =
  | 'not_chosen'
  | 'ignored'
  | 'switched_off'
  | 'maintenance'
  | 'context'
  | 'modality'
  | 'feature'
  | 'parameters'
  | 'price';

/** What is asked, and by whose rules. */
export interface Wanted {
  readonly request: JsonObject;
  readonly needs: RequestNeeds;
  readonly preferences: RoutingPreferences;
}

/** Undefined when the offer will do. Pure, and cheap: it runs for every offer of every call. */
export function whyNot(candidate: Candidate, standing: OfferStanding, wanted: Wanted): Ineligibility | undefined {
  const { offer } = candidate;
  return (
    whyNotChosen(providerIdOf(candidate), wanted.preferences) ??
    (offer.weight === 0 ? 'switched_off' : undefined) ??
    (standing.isInMaintenance ? 'maintenance' : undefined) ??
    whyNotAble(offer, wanted) ??
    (isTooDear(offer, wanted.preferences) ? 'price' : undefined)
  );
}

function whyNotChosen(providerId: string, { only, ignore, order, allowsFallbacks }: RoutingPreferences) {
  if (ignore.has(providerId)) return 'ignored';
  if (only && !only.has(providerId)) return 'not_chosen';
  return !allowsFallbacks && order.length > 0 && !order.includes(providerId) ? 'not_chosen' : undefined;
}

function whyNotAble(offer: Offer, { request, needs, preferences }: Wanted): Ineligibility | undefined {
  const { inputModalities, supportedParameters } = offer;
  if (needs.inputTokens > contextOf(offer) * ESTIMATE_MARGIN) return 'context';
  if (lacksAny(inputModalities, needs.modalities)) return 'modality';
  if (lacksAny(supportedParameters, needs.features)) return 'feature';
  return preferences.requiresParameters && wouldDrop(offer, request) ? 'parameters' : undefined;
}

function lacksAny(known: ReadonlySet<string> | undefined, wanted: Iterable<string>): boolean {
  if (known) for (const one of wanted) if (!known.has(one)) return true;
  return false;
}

/** Whether the prompt has room there, as far as its size can be told. */
export function fits(offer: Offer, { inputTokens }: RequestNeeds): boolean {
  return inputTokens <= contextOf(offer);
}

/** The prompt's size is an estimate, of some texts far too large: only what cannot fit at all is refused unasked. */
const ESTIMATE_MARGIN = 4;

function contextOf({ contextLength = Number.POSITIVE_INFINITY }: Offer): number {
  return contextLength;
}

function wouldDrop({ connected: { provider }, supportedParameters }: Offer, request: JsonObject): boolean {
  if (provider.dialect.dropped(request, provider).length > 0) return true;
  if (!supportedParameters) return false;
  return SELECTABLE_PARAMETERS.some((name) => isGiven(request[name]) && !supportedParameters.has(name));
}

/** Parameters that public catalogues tell of; about others nobody knows. */
const SELECTABLE_PARAMETERS = [
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'max_tokens',
  'min_p',
  'parallel_tool_calls',
  'presence_penalty',
  'reasoning',
  'reasoning_effort',
  'repetition_penalty',
  'response_format',
  'seed',
  'stop',
  'temperature',
  'tool_choice',
  'tools',
  'top_k',
  'top_logprobs',
  'top_p',
] as const;

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isTooDear(offer: Offer, { maxPrice: { prompt, completion } }: RoutingPreferences): boolean {
  if (prompt === undefined && completion === undefined) return false;
  const price = offer.price();
  return isAbove(price.input, prompt) || isAbove(price.output, completion);
}

/** Pico-dollars per token are millionths of dollars per million tokens. */
function isAbove({ base }: TokenPrice, dollarsPerMillion: number | undefined): boolean {
  return dollarsPerMillion !== undefined && Number(base) / 1e6 > dollarsPerMillion;
}
