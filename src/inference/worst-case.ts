import type { Caller } from '../auth/caller.js';
import type { AdmissionRequest } from '../billing/admission/admission-request.js';
import type { Offer } from '../catalog/catalog-model.js';
import { costOfTokens, priceFor } from '../catalog/price.js';
import type { RequestNeeds } from './routing/request-needs.js';

/** What a plain reply without a limit may take, where the model has none that we know of. */
const OUTPUT_TOKENS = 32_768;
/** What an open-ended stream sets aside at first. */
const FIRST_OUTPUT_TOKENS = 8_192;

/** What is known of a call before it is admitted. */
export interface PlannedCall {
  readonly requestId: string;
  readonly caller: Caller;
  readonly needs: RequestNeeds;
  readonly isStream: boolean;
  readonly offers: readonly Offer[];
}

/** The most that a call can use, and what that costs at the dearest of its offers. Pure. */
export function worstCase({ requestId, caller, needs, isStream, offers }: PlannedCall): AdmissionRequest {
  const { inputTokens, outputTokens: given, choices } = needs;
  const isOpenEnded = isStream && given === undefined;
  const room = roomFor(inputTokens, offers);
  const perChoice = given ?? (isStream ? Math.min(FIRST_OUTPUT_TOKENS, room) : room);
  return {
    requestId,
    caller,
    inputTokens,
    outputTokens: perChoice * choices,
    isOpenEnded,
    ...dearest(inputTokens, offers),
  };
}

function roomFor(inputTokens: number, offers: readonly Offer[]): number {
  const rooms = offers.map(({ contextLength = Number.POSITIVE_INFINITY, maxOutputTokens = OUTPUT_TOKENS }) =>
    Math.min(contextLength - inputTokens, maxOutputTokens),
  );
  return Math.max(...rooms, 1);
}

function dearest(inputTokens: number, offers: readonly Offer[]): Pick<AdmissionRequest, 'inputCost' | 'outputPrice'> {
  let [inputPrice, outputPrice] = [0n, 0n];
  for (const offer of offers) {
    const { input, cacheWrite, cacheWriteHour, output, reasoning } = offer.price();
    // A prompt may be written into the provider's cache, which some charge more for.
    for (const price of [input, cacheWrite, cacheWriteHour])
      inputPrice = most(inputPrice, priceFor(price, inputTokens));
    for (const price of [output, reasoning]) outputPrice = most(outputPrice, priceFor(price, inputTokens));
  }
  return { inputCost: costOfTokens(inputTokens, inputPrice), outputPrice };
}

function most(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
