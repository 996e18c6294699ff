import type { Caller } from '../auth/caller.js';
import type { AdmissionRequest } from '../billing/admission/admission-request.js';
import type { Offer } from '../catalog/catalog-model.js';
import { costOfTokens, priceFor, type Price } from '../catalog/price.js';
import { isJsonObject, type JsonObject } from '../platform/json/json-document.js';

/** Few texts have more tokens than that; what a prompt has more than was set aside is charged all the same. */
const CHARACTERS_PER_TOKEN = 3;
const TOKENS_PER_MESSAGE = 4;
/** An image at high detail, a minute of speech, some pages: parts whose tokens only the provider can know. */
const TOKENS_PER_PART = 1_600;
/** What a plain reply without a limit may take, where the model has none that we know of. */
const OUTPUT_TOKENS = 32_768;
/** What an open-ended stream sets aside at first. */
const FIRST_OUTPUT_TOKENS = 8_192;

/** What is known of a call before it is admitted. */
export interface PlannedCall {
  readonly requestId: string;
  readonly caller: Caller;
  readonly request: JsonObject;
  readonly isStream: boolean;
  readonly offers: readonly Offer[];
}

/** The most that a call can use, and what that costs at the dearest of its offers. Pure. */
export function worstCase({ requestId, caller, request, isStream, offers }: PlannedCall): AdmissionRequest {
  const inputTokens = estimateInput(request);
  const given = requestedOutput(request);
  const choices = typeof request['n'] === 'number' && request['n'] > 1 ? request['n'] : 1;
  const isOpenEnded = isStream && given === undefined;
  const perChoice = given ?? (isStream ? FIRST_OUTPUT_TOKENS : roomFor(inputTokens, offers));
  const prices = offers.map((offer) => offer.price());
  return {
    requestId,
    caller,
    inputTokens,
    outputTokens: perChoice * choices,
    isOpenEnded,
    inputCost: dearest(prices.map((price) => costOfInput(inputTokens, price))),
    outputPrice: dearest(prices.map((price) => priceOfOutput(inputTokens, price))),
  };
}

function requestedOutput({ max_completion_tokens: newer, max_tokens: older }: JsonObject): number | undefined {
  const given = newer ?? older;
  return typeof given === 'number' && given >= 0 ? Math.ceil(given) : undefined;
}

function roomFor(inputTokens: number, offers: readonly Offer[]): number {
  const longest = Math.max(...offers.map(({ contextLength }) => contextLength ?? Number.POSITIVE_INFINITY));
  return Math.max(Math.min(longest - inputTokens, OUTPUT_TOKENS), 1);
}

function estimateInput({ messages, tools, response_format: format }: JsonObject): number {
  const given: unknown[] = Array.isArray(messages) ? messages : [];
  const besides = [tools, format].filter((member) => member !== undefined);
  const size = { characters: 0, tokens: given.length * TOKENS_PER_MESSAGE };
  for (const value of [...given, ...besides]) measure(value, size);
  return Math.ceil(size.characters / CHARACTERS_PER_TOKEN) + size.tokens;
}

/** Adds up every text in a value; pictures and sounds are text only in the request. */
function measure(value: unknown, size: { characters: number; tokens: number }): void {
  if (typeof value === 'string') size.characters += value.length;
  else if (Array.isArray(value)) for (const item of value) measure(item, size);
  else if (isJsonObject(value)) {
    if ('image_url' in value || 'input_audio' in value || 'file' in value) size.tokens += TOKENS_PER_PART;
    else for (const name in value) measure(value[name], size);
  }
}

/** A prompt may be written into the provider's cache, which some charge more for. */
function costOfInput(tokens: number, { input, cacheWrite, cacheWriteHour }: Price): bigint {
  return costOfTokens(tokens, dearest([input, cacheWrite, cacheWriteHour].map((price) => priceFor(price, tokens))));
}

function priceOfOutput(inputTokens: number, price: Price): bigint {
  return dearest([priceFor(price.output, inputTokens), priceFor(price.reasoning, inputTokens)]);
}

function dearest(amounts: readonly bigint[]): bigint {
  return amounts.reduce((most, amount) => (amount > most ? amount : most), 0n);
}
