/**
 * What a call used, in kinds that do not overlap: `input` is what was neither read from nor written to a cache, and
 * `output` holds no reasoning and no audio. Providers count in other ways; their dialects convert.
 */
export interface TokenUsage {
  readonly input: number;
  readonly cacheRead: number;
  /** Written to a cache that lives five minutes, or as long as the provider's usual. */
  readonly cacheWrite: number;
  readonly cacheWriteHour: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audioInput: number;
  readonly audioOutput: number;
}

export const NO_TOKENS: TokenUsage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteHour: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
};

/** All tokens of the prompt, cached or not. */
export function inputTokens(usage: TokenUsage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite + usage.cacheWriteHour + usage.audioInput;
}

/** All tokens of the completion, visible or not. */
export function outputTokens(usage: TokenUsage): number {
  return usage.output + usage.reasoning + usage.audioOutput;
}
