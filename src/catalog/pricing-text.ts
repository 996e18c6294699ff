import { completePrice, dollarsPerToken, parseDollarsPerToken, type Price, type TokenPrice } from './price.js';

/** Prices as the catalogue's routes show and take them, and as OpenRouter does: USD per token, as text. */
export const PRICING_NAMES = {
  input: 'prompt',
  output: 'completion',
  cacheRead: 'input_cache_read',
  cacheWrite: 'input_cache_write',
  reasoning: 'internal_reasoning',
} as const;

export type PricingText = Readonly<Record<(typeof PRICING_NAMES)[keyof typeof PRICING_NAMES], string>>;

export function viewPrice(price: Price): PricingText {
  return {
    prompt: dollarsPerToken(price.input),
    completion: dollarsPerToken(price.output),
    input_cache_read: dollarsPerToken(price.cacheRead),
    input_cache_write: dollarsPerToken(price.cacheWrite),
    internal_reasoning: dollarsPerToken(price.reasoning),
  };
}

/** Undefined where the text for tokens read or written is missing, or is no price. */
export function readPricing(pricing: Readonly<Record<string, unknown>>): Price | undefined {
  const known = new Map<string, TokenPrice>();
  for (const [kind, name] of Object.entries(PRICING_NAMES)) {
    const text = pricing[name];
    const price = typeof text === 'string' ? parseDollarsPerToken(text) : undefined;
    if (price) known.set(kind, price);
  }
  const [input, output] = [known.get('input'), known.get('output')];
  return input && output && completePrice({ ...Object.fromEntries(known), input, output });
}
