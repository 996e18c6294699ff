import type { Caller } from '../../auth/caller.js';
import type { RateFigure } from '../../platform/limits/minute-window.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';

/** What a call asks for before it may begin: the worst that it can use and cost. */
export interface AdmissionRequest {
  readonly requestId: string;
  readonly caller: Caller;
  /** Tokens of the prompt, as far as they can be known beforehand. */
  readonly inputTokens: number;
  /** The most that the model may write. */
  readonly outputTokens: number;
  /**
   * The caller set no limit, so this many tokens are only the first of a stream; it asks for more while it is written.
   */
  readonly isOpenEnded: boolean;
  /** What the prompt costs at the dearest offer. */
  readonly inputCost: NanoDollars;
  /** Pico-dollars for each token that the dearest offer writes. */
  readonly outputPrice: bigint;
}

/** What is set aside for a call while it runs. It expires by itself when its gateway dies. */
export interface Lease {
  readonly request: AdmissionRequest;
  /** How many tokens the model may write: fewer than asked for when the balance, a budget or a limit affords no more. */
  outputTokens: number;
  hold: NanoDollars;
  /** The half-minute slot in which tokens were set aside, for their correction. */
  readonly slot: number;
  readonly rates: RateFigures;
}

/** Figures of a key's limits at the moment of a decision. */
export interface RateFigures {
  readonly requests?: RateFigure;
  readonly tokens?: RateFigure;
}

export type RefusalReason = 'requests' | 'tokens' | 'concurrency' | 'budget' | 'credits';

export interface Refusal {
  readonly reason: RefusalReason;
  /** Until it may succeed; undefined when waiting does not help. */
  readonly retryAfterMs: number | undefined;
  readonly rates: RateFigures;
}

export type Decision = { readonly lease: Lease } | { readonly refusal: Refusal };

/** A call that is cut shorter than this by what is left had better be refused. */
const LEAST_OUTPUT_TOKENS = 64;

/** The fewest tokens of output with which the call still makes sense. */
export function leastOutput({ outputTokens }: Pick<AdmissionRequest, 'outputTokens'>): number {
  return Math.min(outputTokens, LEAST_OUTPUT_TOKENS);
}

const PICOS_PER_NANO = 1000n;

/** What a call of so many tokens costs at most. */
export function costOfOutput({ inputCost, outputPrice }: AdmissionRequest, outputTokens: number): NanoDollars {
  return inputCost + (BigInt(outputTokens) * outputPrice + PICOS_PER_NANO - 1n) / PICOS_PER_NANO;
}

/** How many tokens of output this much money pays for, once the prompt is paid; below zero when not even that. */
export function affordableOutput({ inputCost, outputPrice }: AdmissionRequest, money: NanoDollars): number {
  if (money < inputCost) return -1;
  if (outputPrice === 0n) return Number.MAX_SAFE_INTEGER;
  return Number(((money - inputCost) * PICOS_PER_NANO) / outputPrice);
}
