import * as fc from 'fast-check';
import { inputTokens, outputTokens } from '../../token-usage.js';
import { readUsage } from './openai-usage.js';

describe('usage', () => {
  it('takes cached and audio tokens out of the prompt, reasoning and audio out of the completion', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 5 },
    };
    expect(readUsage(usage, { id: 'openai' })).toEqual({
      input: 30,
      cacheRead: 60,
      cacheWrite: 0,
      cacheWriteHour: 0,
      audioInput: 10,
      output: 15,
      reasoning: 30,
      audioOutput: 5,
    });
  });

  it('adds reasoning that a provider counts apart', () => {
    const usage = { prompt_tokens: 12, completion_tokens: 1, completion_tokens_details: { reasoning_tokens: 228 } };
    expect(readUsage(usage, { id: 'xai', countsReasoningApart: true })).toMatchObject({ output: 1, reasoning: 228 });
  });

  it("reads DeepSeek's name for cached tokens", () => {
    expect(
      readUsage({ prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 4 }, { id: 'deepseek' }),
    ).toMatchObject({
      input: 5,
      cacheRead: 4,
    });
  });

  it('counts nothing twice and nothing below zero, whatever a provider says', () => {
    const figure = fc.oneof(fc.integer({ min: -5, max: 1000 }), fc.constantFrom(null, 'many', Number.NaN, undefined));
    const details = fc.record({ cached_tokens: figure, audio_tokens: figure, reasoning_tokens: figure });
    const anyUsage = fc.record({
      prompt_tokens: figure,
      completion_tokens: figure,
      prompt_tokens_details: details,
      completion_tokens_details: details,
    });
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const read = readUsage(usage, { id: 'any' });
        expect(Math.min(...(Object.values(read) as number[]))).toBeGreaterThanOrEqual(0);
        expect(inputTokens(read)).toBe(Math.max(Number(usage.prompt_tokens) || 0, 0));
        expect(outputTokens(read)).toBe(Math.max(Number(usage.completion_tokens) || 0, 0));
      }),
    );
  });
});
