/** What the generations of Claude do differently; what Anthropic says of each model stands in its models overview. */
export interface ClaudeTraits {
  /** The most tokens that it may be asked for. */
  readonly outputTokens: number;
  /** How it is told to think: with a budget of tokens, or as much as it finds right. */
  readonly takesBudget: boolean;
  readonly isAdaptive: boolean;
  /** It can be told not to think. */
  readonly canStopThinking: boolean;
  readonly hasExtraHighEffort: boolean;
  readonly takesSampling: boolean;
  readonly takesForcedTool: boolean;
  /** It can be held to a JSON schema without a tool. */
  readonly hasNativeSchema: boolean;
}

const FIRST: ClaudeTraits = {
  outputTokens: 4_096,
  takesBudget: false,
  isAdaptive: false,
  canStopThinking: true,
  hasExtraHighEffort: false,
  takesSampling: true,
  takesForcedTool: true,
  hasNativeSchema: false,
};
const SONNET_3_5: ClaudeTraits = { ...FIRST, outputTokens: 8_192 };
const SONNET_4: ClaudeTraits = { ...FIRST, outputTokens: 64_000, takesBudget: true };
const OPUS_4: ClaudeTraits = { ...SONNET_4, outputTokens: 32_000 };
const OPUS_4_1: ClaudeTraits = { ...OPUS_4, hasNativeSchema: true };
const CLAUDE_4_5: ClaudeTraits = { ...SONNET_4, hasNativeSchema: true };
const CLAUDE_4_6: ClaudeTraits = { ...CLAUDE_4_5, outputTokens: 128_000, isAdaptive: true };
const CLAUDE_4_7: ClaudeTraits = {
  ...CLAUDE_4_6,
  takesBudget: false,
  hasExtraHighEffort: true,
  takesSampling: false,
};
const ALWAYS_THINKING: ClaudeTraits = { ...CLAUDE_4_7, canStopThinking: false };
const NEWEST: ClaudeTraits = { ...ALWAYS_THINKING, takesForcedTool: false };

/** From the newest: each holds for its family from this version on. */
const GENERATIONS: readonly (readonly [family: RegExp, since: number, traits: ClaudeTraits])[] = [
  [/haiku/, 5, CLAUDE_4_7],
  [/opus|sonnet/, 5.5, NEWEST],
  [/fable/, 5.1, NEWEST],
  [/fable/, 5, ALWAYS_THINKING],
  [/opus|sonnet/, 4.7, CLAUDE_4_7],
  [/opus|sonnet/, 4.6, CLAUDE_4_6],
  [/opus|sonnet|haiku/, 4.5, CLAUDE_4_5],
  [/opus/, 4.1, OPUS_4_1],
  [/opus/, 4, OPUS_4],
  [/sonnet/, 3.7, SONNET_4],
  [/sonnet|haiku/, 3.5, SONNET_3_5],
  [/opus|sonnet|haiku/, 3, FIRST],
];

/** `claude-opus-4-8`, `anthropic/claude-sonnet-4.5`, `claude-3-5-haiku-20241022`: a minor version has one digit, a date eight. */
const NAME =
  /claude-(?:(?<family>[a-z]+)-(?<version>\d(?:[-.]\d(?!\d))?)|(?<oldVersion>\d(?:[-.]\d(?!\d))?)-(?<oldFamily>[a-z]+))/;

/** Of a model by its name. One that is not known is taken for one of the newest, which take least. */
export function claudeTraits(model: string): ClaudeTraits {
  const { family, version, oldFamily, oldVersion } = NAME.exec(model)?.groups ?? {};
  const [name, number] = [family ?? oldFamily ?? '', Number((version ?? oldVersion)?.replace('-', '.'))];
  const known = GENERATIONS.find(([families, since]) => families.test(name) && number >= since);
  return known?.[2] ?? NEWEST;
}
