import { calcPrice, findProvider } from '@pydantic/genai-prices';
import * as fc from 'fast-check';
import { ALL_PROVIDERS } from '../providers/all-providers.js';
import { NO_TOKENS } from '../providers/token-usage.js';
import { costOf, dollarsPerToken, flat, type Price } from './price.js';
import { listedModels, priceOf } from './price-list.js';

const free = flat(0);
const price = (prices: Partial<Price>): Price => ({
  input: free,
  cacheRead: free,
  cacheWrite: free,
  cacheWriteHour: free,
  output: free,
  reasoning: free,
  audioInput: free,
  audioOutput: free,
  ...prices,
});

describe('the price of a call', () => {
  it('is exact where a float is not', () => {
    expect(costOf({ ...NO_TOKENS, input: 3, output: 7 }, price({ input: flat(0.1), output: flat(0.2) }))).toBe(1_700n);
  });

  it('is rounded up to a nano-dollar once, at the end', () => {
    const cheap = price({ input: flat(0.0375), output: flat(0.0375) });
    expect(costOf({ ...NO_TOKENS, input: 1, output: 1 }, cheap)).toBe(75n);
    expect(costOf({ ...NO_TOKENS, input: 1 }, cheap)).toBe(38n);
    expect(costOf(NO_TOKENS, cheap)).toBe(0n);
  });

  it('takes the tier that the whole prompt reaches, for every token', () => {
    const tiered = price({ input: { base: 3_000_000n, tiers: [{ above: 200_000, price: 6_000_000n }] } });
    expect(costOf({ ...NO_TOKENS, input: 200_000 }, tiered)).toBe(600_000_000n);
    expect(costOf({ ...NO_TOKENS, input: 100_001, cacheRead: 100_000 }, tiered)).toBe(600_006_000n);
  });

  it('never falls when more is used', () => {
    const tokens = fc.record({ input: fc.nat(1e7), output: fc.nat(1e7) });
    const some = price({ input: flat(1.25), output: flat(10) });
    fc.assert(
      fc.property(tokens, fc.nat(1000), (usage, more) => {
        const less = costOf({ ...NO_TOKENS, ...usage }, some);
        return costOf({ ...NO_TOKENS, ...usage, output: usage.output + more }, some) >= less;
      }),
    );
  });

  it('is what the price list itself calculates, for every model of every provider', () => {
    const now = new Date();
    const priced = ALL_PROVIDERS.filter(({ priceListId }) => priceListId !== null).flatMap((provider) =>
      listedModels(provider).map(({ nativeId }) => ({ provider, nativeId })),
    );
    const usages = [
      [1000, 0, 500],
      [300_000, 100_000, 2000],
    ] as const;
    let compared = 0;
    for (const { provider, nativeId } of priced) {
      const ours = priceOf(provider, nativeId, now);
      const list = findProvider({ providerId: provider.priceListId ?? provider.id });
      if (!ours || !list) continue;
      for (const [input, cached, output] of usages) {
        const usage = { input_tokens: input, cache_read_tokens: cached, output_tokens: output };
        const theirs = calcPrice(usage, nativeId, { provider: list, timestamp: now })?.total_price ?? Number.NaN;
        const cost = Number(costOf({ ...NO_TOKENS, input: input - cached, cacheRead: cached, output }, ours)) / 1e9;
        // The list also knows prices per request, which are not per token: there it may be dearer, never cheaper.
        const isAlike = Math.abs(cost - theirs) <= 1e-8 + theirs * 1e-9;
        expect({ nativeId, isAlike: isAlike || theirs > cost }).toEqual({ nativeId, isAlike: true });
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('is shown in dollars per token without a float', () => {
    expect(dollarsPerToken(flat(1.25))).toBe('0.00000125');
    expect(dollarsPerToken(flat(0.0375))).toBe('0.0000000375');
    expect(dollarsPerToken(flat(0))).toBe('0');
  });
});
