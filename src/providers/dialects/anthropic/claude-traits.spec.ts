import { claudeTraits } from './claude-traits.js';

describe('what is known of Claude', () => {
  it.each([
    ['claude-3-haiku-20240307', { outputTokens: 4_096, takesBudget: false }],
    ['claude-3-5-sonnet-20241022', { outputTokens: 8_192, takesBudget: false }],
    ['claude-3-7-sonnet-latest', { outputTokens: 64_000, takesBudget: true }],
    ['claude-opus-4-20250514', { outputTokens: 32_000, hasNativeSchema: false }],
    ['claude-opus-4-1-20250805', { outputTokens: 32_000, hasNativeSchema: true }],
    ['claude-haiku-4-5-20251001', { isAdaptive: false, hasNativeSchema: true }],
    ['anthropic/claude-sonnet-4.6', { isAdaptive: true, takesSampling: true }],
    ['claude-opus-4-7', { takesSampling: false, takesForcedTool: true }],
    ['claude-sonnet-5', { canStopThinking: true }],
    ['claude-fable-5', { canStopThinking: false, takesForcedTool: true }],
    ['claude-sonnet-5-5', { takesForcedTool: false }],
    ['claude-unheard-of', { takesForcedTool: false, takesSampling: false }],
  ])('%s', (model, expected) => {
    expect(claudeTraits(model)).toMatchObject(expected);
  });
});
