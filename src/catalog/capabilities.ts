/** What a model can do besides writing text. */
export const CAPABILITIES = ['tools', 'json_schema', 'vision', 'audio', 'files', 'reasoning'] as const;
export type Capability = (typeof CAPABILITIES)[number];

interface Signs {
  /** Without the first of these members of a chat request nobody has the capability. */
  readonly parameters?: readonly [string, ...string[]];
  /** What it reads. */
  readonly modality?: string;
}

const SIGNS: Record<Capability, Signs> = {
  tools: { parameters: ['tools', 'tool_choice', 'parallel_tool_calls'] },
  json_schema: { parameters: ['structured_outputs', 'response_format'] },
  vision: { modality: 'image' },
  audio: { modality: 'audio' },
  files: { modality: 'file' },
  reasoning: { parameters: ['reasoning', 'reasoning_effort', 'include_reasoning'] },
};

/** What a model that is said to chat is taken to understand, but for what its capabilities decide. */
export const COMMON_PARAMETERS = [
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'max_completion_tokens',
  'max_tokens',
  'presence_penalty',
  'response_format',
  'seed',
  'stop',
  'temperature',
  'top_logprobs',
  'top_p',
] as const;

/** Two names that mean the same to us; lists tell of one of them. */
const SYNONYMS = [
  ['max_tokens', 'max_completion_tokens'],
  ['reasoning', 'reasoning_effort'],
] as const;

/** What the planner and the lists want to know of an offer; undefined when nobody says. */
export interface Abilities {
  readonly inputModalities: ReadonlySet<string> | undefined;
  readonly supportedParameters: ReadonlySet<string> | undefined;
}

export function withSynonyms(parameters: readonly string[]): Set<string> {
  const found = new Set(parameters);
  for (const pair of SYNONYMS) if (pair.some((name) => found.has(name))) pair.forEach((name) => found.add(name));
  return found;
}

export function capabilitiesOf({ inputModalities, supportedParameters }: Abilities): Capability[] {
  return CAPABILITIES.filter((capability) => {
    const { parameters, modality } = SIGNS[capability];
    return (
      (modality !== undefined && inputModalities?.has(modality) === true) ||
      (parameters !== undefined && supportedParameters?.has(parameters[0]) === true)
    );
  });
}

/** The parameters that go with these capabilities. */
export function parametersOf(capabilities: readonly Capability[]): string[] {
  return capabilities.flatMap((capability) => [...(SIGNS[capability].parameters ?? [])]);
}

/** Has exactly these capabilities, and whatever else the lists tell. */
export function withCapabilities(known: Abilities, capabilities: readonly Capability[]): Abilities {
  const governed = new Set(parametersOf(CAPABILITIES));
  const others = [...(known.supportedParameters ?? COMMON_PARAMETERS)].filter((name) => !governed.has(name));
  const read = capabilities.flatMap((capability) => SIGNS[capability].modality ?? []);
  return {
    inputModalities: new Set(['text', ...read]),
    supportedParameters: new Set([...others, ...parametersOf(capabilities)]),
  };
}
