import * as fc from 'fast-check';
import { inputTokens, outputTokens } from '../../token-usage.js';
import { readUsage as readOpenAiUsage } from '../openai/openai-usage.js';
import { openAiUsage } from '../translation/shown-usage.js';
import { laterUsage, readUsage } from './anthropic-usage.js';

describe('usage of Anthropic', () => {
  it('leaves cached tokens beside the others, and takes thoughts out of the output', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 50,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 40,
      output_tokens_details: { thinking_tokens: 25 },
    };
    expect(readUsage(usage)).toEqual({
      input: 10,
      cacheRead: 50,
      cacheWrite: 10,
      cacheWriteHour: 20,
      output: 15,
      reasoning: 25,
      audioInput: 0,
      audioOutput: 0,
    });
  });

  it('adds up what was compacted, which the whole leaves out, but no adviser', () => {
    const usage = {
      input_tokens: 20,
      output_tokens: 5,
      cache_read_input_tokens: 3,
      iterations: [
        { type: 'compaction', input_tokens: 100, output_tokens: 10, cache_read_input_tokens: 7 },
        { type: 'message', input_tokens: 20, output_tokens: 5, cache_read_input_tokens: 3 },
        { type: 'advisor_message', input_tokens: 999, output_tokens: 999 },
      ],
    };
    expect(readUsage(usage)).toMatchObject({ input: 120, output: 15, cacheRead: 10 });
  });

  it('takes the whole where another model took over', () => {
    const iterations = [
      { type: 'message', input_tokens: 8, output_tokens: 0 },
      { type: 'fallback_message', input_tokens: 9, output_tokens: 4 },
    ];
    expect(readUsage({ input_tokens: 9, output_tokens: 4, iterations })).toMatchObject({ input: 9, output: 4 });
  });

  it('lets later figures outrank earlier ones, and missing ones none', () => {
    expect(laterUsage({ input_tokens: 1, output_tokens: 1 }, { input_tokens: null, output_tokens: 9 })).toEqual({
      input_tokens: 1,
      output_tokens: 9,
    });
  });

  const figure = fc.oneof(fc.nat(1000), fc.constantFrom(null, 'many', -3, undefined));
  const anyUsage = fc.record({
    input_tokens: figure,
    output_tokens: figure,
    cache_read_input_tokens: figure,
    cache_creation_input_tokens: figure,
    cache_creation: fc.record({ ephemeral_5m_input_tokens: figure, ephemeral_1h_input_tokens: figure }),
    output_tokens_details: fc.record({ thinking_tokens: figure }),
  });

  it('counts nothing twice and nothing below zero, whatever it says', () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const read = readUsage(usage);
        expect(Math.min(...(Object.values(read) as number[]))).toBeGreaterThanOrEqual(0);
        expect(outputTokens(read)).toBe(Math.max(Number(usage.output_tokens) || 0, 0));
      }),
    );
  });

  it("says in OpenAI's words what a reader of those understands alike", () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const read = readUsage(usage);
        const again = readOpenAiUsage(openAiUsage(read), { id: 'gateway' });
        // OpenAI's words do not tell for how long something was cached.
        expect(again).toEqual({ ...read, cacheWrite: read.cacheWrite + read.cacheWriteHour, cacheWriteHour: 0 });
        expect(openAiUsage(read)).toMatchObject({ total_tokens: inputTokens(read) + outputTokens(read) });
      }),
    );
  });
});
