/** What generations of Gemini differ in. */
export interface GeminiTraits {
  /** How it is told to think: by a level, by a number of tokens, or not at all. */
  readonly thinking: 'level' | 'budget' | 'none';
  /** The fewest tokens of thought that it can be held to; 0 where it can be told not to think. */
  readonly leastBudget: number;
  /** The lowest of its levels. */
  readonly lowestLevel: 'minimal' | 'low';
  /** It can answer in JSON and have tools in the same request. */
  readonly takesJsonWithTools: boolean;
  /** It wants the signatures of its thoughts back with each call of a tool. */
  readonly wantsSignatures: boolean;
}

const VERSION = /gemini-(?<major>\d+)(?:\.(?<minor>\d+))?/;

/** Read from the model's name, which may be ours or Google's. A model without a version is taken for a new one. */
export function geminiTraits(model: string): GeminiTraits {
  const { major = '99', minor = '0' } = VERSION.exec(model)?.groups ?? {};
  const version = Number(major) + Number(minor) / 10;
  const isPro = /-pro\b/.test(model);
  return {
    thinking: version >= 3 ? 'level' : version >= 2.5 ? 'budget' : 'none',
    leastBudget: isPro ? 128 : 0,
    lowestLevel: isPro ? 'low' : 'minimal',
    takesJsonWithTools: version >= 3,
    wantsSignatures: version >= 3,
  };
}
