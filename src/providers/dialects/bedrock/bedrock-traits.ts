import { claudeTraits } from '../anthropic/claude-traits.js';

/** How a model is told to think, if it can be told. */
export type ThinkingWay = 'none' | 'claude' | 'nova' | 'effort' | 'reasoning';

/** What the models that Bedrock serves do differently; Amazon's table of features of Converse says so. */
export interface BedrockTraits {
  readonly takesTools: boolean;
  readonly takesForcedTool: boolean;
  /** It can be told, in a member of Claude's own, to call no tool or only one. */
  readonly takesToolLimits: boolean;
  readonly takesStop: boolean;
  readonly takesSampling: boolean;
  readonly topK: 'none' | 'plain' | 'nova';
  readonly cachesPrompts: boolean;
  readonly cachesTools: boolean;
  readonly thinking: ThinkingWay;
  /** Ids of calls must be nine letters or digits. */
  readonly hasShortCallIds: boolean;
}

const USUAL: BedrockTraits = {
  takesTools: true,
  takesForcedTool: false,
  takesToolLimits: false,
  takesStop: true,
  takesSampling: true,
  topK: 'none',
  cachesPrompts: false,
  cachesTools: false,
  thinking: 'none',
  hasShortCallIds: false,
};
const CLAUDE: BedrockTraits = {
  ...USUAL,
  takesForcedTool: true,
  takesToolLimits: true,
  topK: 'plain',
  cachesPrompts: true,
  cachesTools: true,
  thinking: 'claude',
};
const NOVA: BedrockTraits = { ...USUAL, takesForcedTool: true, topK: 'nova', cachesPrompts: true };
const GPT_OSS: BedrockTraits = { ...USUAL, takesStop: false, thinking: 'effort' };
const MISTRAL: BedrockTraits = { ...USUAL, topK: 'plain', hasShortCallIds: true };

/** The first that fits a model's name, native or ours, is its. */
const FAMILIES: readonly (readonly [name: RegExp, traits: BedrockTraits])[] = [
  [/nova-2/, { ...NOVA, thinking: 'nova' }],
  [/nova/, NOVA],
  [/gpt-oss/, GPT_OSS],
  [/gpt-\d/, { ...GPT_OSS, takesSampling: false, thinking: 'reasoning' }],
  [/mistral-7b|mixtral/, { ...MISTRAL, takesTools: false }],
  [/mistral|ministral|magistral|devstral|pixtral|voxtral/, MISTRAL],
  [/deepseek\.r1|gemma|titan|llama3-(?:8|70)b/, { ...USUAL, takesTools: false }],
];

export function bedrockTraits(model: string): BedrockTraits {
  if (model.includes('claude')) {
    const { takesForcedTool, takesSampling } = claudeTraits(model);
    return { ...CLAUDE, takesForcedTool, takesSampling };
  }
  return FAMILIES.find(([name]) => name.test(model))?.[1] ?? USUAL;
}
