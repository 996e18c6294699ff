import type { NanoDollars } from '../platform/money/nano-dollars.js';
import { inputTokens, NO_TOKENS, type TokenUsage } from '../providers/token-usage.js';

/**
 * Pico-dollars (10⁻¹² USD) per token: the unit in which a price of $0.0375 per million tokens is a whole number.
 * From `above` input tokens on, every token of the request costs the tier's price.
 */
export interface TokenPrice {
  readonly base: bigint;
  readonly tiers: readonly { readonly above: number; readonly price: bigint }[];
}

/** The prices of one offer, one for each kind of token. */
export type Price = Readonly<Record<keyof TokenUsage, TokenPrice>>;

const KINDS = Object.keys(NO_TOKENS) as readonly (keyof TokenUsage)[];
const PICOS_PER_NANO = 1000n;
const DOLLARS_PER_TOKEN = /^(\d{1,6})(?:\.(\d{1,12}))?$/;

/** A kind of token without a price of its own costs what its kin costs; output without one is free. */
export function completePrice({ input, ...known }: Partial<Price> & Pick<Price, 'input'>): Price {
  const { output = flat(0), cacheRead = input, cacheWrite = input } = known;
  const { cacheWriteHour = cacheWrite, reasoning = output, audioInput = input, audioOutput = output } = known;
  return { input, cacheRead, cacheWrite, cacheWriteHour, output, reasoning, audioInput, audioOutput };
}

/** USD per million tokens, a float of a price list, as pico-dollars per token. */
export function perMillion(dollars: number): bigint {
  return BigInt(Math.round(dollars * 1e6));
}

export function flat(dollarsPerMillion: number): TokenPrice {
  return { base: perMillion(dollarsPerMillion), tiers: [] };
}

/** What a call costs. A part of a nano-dollar counts as a whole one, once, at the end. */
export function costOf(usage: TokenUsage, price: Price): NanoDollars {
  const input = inputTokens(usage);
  let picos = 0n;
  for (const kind of KINDS) if (usage[kind] > 0) picos += BigInt(usage[kind]) * priceFor(price[kind], input);
  return wholeNanos(picos);
}

/** What so many tokens of one price cost. */
export function costOfTokens(tokens: number, picosPerToken: bigint): NanoDollars {
  return wholeNanos(BigInt(tokens) * picosPerToken);
}

function wholeNanos(picos: bigint): NanoDollars {
  return (picos + PICOS_PER_NANO - 1n) / PICOS_PER_NANO;
}

/** USD per token as a decimal number in text, as catalogues show it. */
export function dollarsPerToken({ base }: TokenPrice): string {
  const digits = base.toString().padStart(13, '0');
  const decimals = digits.slice(-12).replace(/0+$/, '');
  return decimals ? `${digits.slice(0, -12)}.${decimals}` : digits.slice(0, -12);
}

/** Reads what `dollarsPerToken` writes; undefined for anything else, and for what is finer than a pico-dollar. */
export function parseDollarsPerToken(text: string): TokenPrice | undefined {
  const [, whole, decimals = ''] = DOLLARS_PER_TOKEN.exec(text) ?? [];
  return whole === undefined ? undefined : { base: BigInt(whole + decimals.padEnd(12, '0')), tiers: [] };
}

/** Pico-dollars for each token of a request with so many tokens of input. */
export function priceFor({ base, tiers }: TokenPrice, inputTokens: number): bigint {
  return tiers.findLast((tier) => inputTokens > tier.above)?.price ?? base;
}
