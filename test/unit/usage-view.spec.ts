import * as fc from 'fast-check';
import { readUsage } from '../../src/providers/dialects/openai/openai-usage.js';
import type { TokenUsage } from '../../src/providers/token-usage.js';
import { showUsage } from '../../src/chat/usage-view.js';

const TOKENS = fc.nat(1_000_000);
const USAGES: fc.Arbitrary<TokenUsage> = fc.record({
  input: TOKENS,
  cacheRead: TOKENS,
  cacheWrite: TOKENS,
  cacheWriteHour: TOKENS,
  output: TOKENS,
  reasoning: TOKENS,
  audioInput: TOKENS,
  audioOutput: TOKENS,
});

describe('usage as clients see it', () => {
  it('says the same when it is read again, whatever was used', () => {
    fc.assert(
      fc.property(USAGES, (usage) => {
        const shown = showUsage(undefined, { usage, source: 'counted', cost: 0n, credits: 0n });
        const { cacheWrite, cacheWriteHour, ...rest } = usage;
        // OpenAI's form has one figure for what was written to a cache.
        const expected = { ...rest, cacheWrite: cacheWrite + cacheWriteHour, cacheWriteHour: 0 };
        expect(readUsage(shown, { id: 'any' })).toEqual(expected);
      }),
    );
  });

  it("keeps the provider's own figures and adds what the caller pays", () => {
    const given = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, some_detail: 1 };
    const usage = readUsage(given, { id: 'any' });
    const bill = { usage, source: 'provider', cost: 5n, credits: 1_500_000_000n } as const;
    expect(showUsage(given, bill)).toEqual({ ...given, cost: 1.5 });
  });
});
