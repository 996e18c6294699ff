/** Where Amazon may run a model that it runs in several regions, as the prefix of its name says. */
export const PROFILES = ['auto', 'none', 'us', 'us-gov', 'eu', 'apac', 'jp', 'au', 'ca', 'global'] as const;
export type Profile = (typeof PROFILES)[number];

interface BedrockModel {
  readonly id: string;
  /** What it is called everywhere, with and without the date that its maker puts into names. */
  readonly names?: readonly string[];
  /** It has no home in one region, but on a continent or all over the world, and wants to be asked for there. */
  readonly spread?: 'continent' | 'world';
}

const claude = (id: string, ...names: string[]): BedrockModel => ({
  id: `anthropic.${id}`,
  names: names.map((name) => `anthropic/${name}`),
  spread: 'world',
});
const nova = (id: string, spread: 'continent' | 'world' = 'continent'): BedrockModel => ({
  id: `amazon.${id}:0`,
  names: [`amazon/${id}`],
  spread,
});
const llama = (id: string, name: string): BedrockModel => ({
  id: `meta.${id}:0`,
  names: [`meta-llama/${name}`],
  spread: 'continent',
});
const gpt = (id: string): BedrockModel => ({ id: `openai.${id}`, names: [`openai/${id}`], spread: 'world' });

/**
 * The models that Converse serves, by Amazon's names: the public price list has some in spellings of its own. Names are
 * here where it is certain that they mean the very same model.
 */
const MODELS: readonly BedrockModel[] = [
  claude('claude-opus-5-5', 'claude-opus-5-5'),
  claude('claude-opus-5', 'claude-opus-5'),
  claude('claude-sonnet-5', 'claude-sonnet-5'),
  claude('claude-fable-5-1', 'claude-fable-5-1'),
  claude('claude-fable-5', 'claude-fable-5'),
  claude('claude-opus-4-8', 'claude-opus-4-8'),
  claude('claude-opus-4-7', 'claude-opus-4-7'),
  claude('claude-opus-4-6-v1', 'claude-opus-4-6'),
  claude('claude-sonnet-4-6', 'claude-sonnet-4-6'),
  claude('claude-opus-4-5-20251101-v1:0', 'claude-opus-4-5', 'claude-opus-4-5-20251101'),
  claude('claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5', 'claude-haiku-4-5-20251001'),
  claude('claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'),
  claude('claude-opus-4-1-20250805-v1:0', 'claude-opus-4-1', 'claude-opus-4-1-20250805'),
  claude('claude-opus-4-20250514-v1:0', 'claude-opus-4-0', 'claude-opus-4-20250514'),
  claude('claude-sonnet-4-20250514-v1:0', 'claude-sonnet-4-0', 'claude-sonnet-4-20250514'),
  nova('nova-2-lite-v1', 'world'),
  nova('nova-premier-v1'),
  nova('nova-pro-v1'),
  nova('nova-lite-v1'),
  nova('nova-micro-v1'),
  gpt('gpt-5.6-sol'),
  gpt('gpt-5.6-terra'),
  gpt('gpt-5.6-luna'),
  { id: 'openai.gpt-oss-120b-1:0', names: ['openai/gpt-oss-120b'] },
  { id: 'openai.gpt-oss-20b-1:0', names: ['openai/gpt-oss-20b'] },
  llama('llama4-maverick-17b-instruct-v1', 'llama-4-maverick-17b-instruct'),
  llama('llama4-scout-17b-instruct-v1', 'llama-4-scout-17b-instruct'),
  llama('llama3-3-70b-instruct-v1', 'llama-3.3-70b-instruct'),
  llama('llama3-2-90b-instruct-v1', 'llama-3.2-90b-instruct'),
  llama('llama3-2-11b-instruct-v1', 'llama-3.2-11b-instruct'),
  llama('llama3-2-3b-instruct-v1', 'llama-3.2-3b-instruct'),
  llama('llama3-2-1b-instruct-v1', 'llama-3.2-1b-instruct'),
  llama('llama3-1-70b-instruct-v1', 'llama-3.1-70b-instruct'),
  llama('llama3-1-8b-instruct-v1', 'llama-3.1-8b-instruct'),
  { id: 'deepseek.r1-v1:0', spread: 'continent' },
  { id: 'mistral.pixtral-large-2502-v1:0', spread: 'continent' },
  { id: 'writer.palmyra-x5-v1:0', spread: 'continent' },
  { id: 'writer.palmyra-x4-v1:0', spread: 'continent' },
  { id: 'mistral.mistral-large-3-675b-instruct' },
  { id: 'mistral.devstral-2-123b' },
  { id: 'mistral.magistral-small-2509' },
  { id: 'mistral.ministral-3-14b-instruct' },
  { id: 'mistral.ministral-3-8b-instruct' },
  { id: 'mistral.ministral-3-3b-instruct' },
  { id: 'mistral.mistral-large-2402-v1:0' },
  { id: 'mistral.mistral-small-2402-v1:0' },
  { id: 'mistral.mixtral-8x7b-instruct-v0:1' },
  { id: 'mistral.mistral-7b-instruct-v0:2' },
  { id: 'qwen.qwen3-coder-480b-a35b-v1:0' },
  { id: 'qwen.qwen3-coder-30b-a3b-v1:0' },
  { id: 'qwen.qwen3-32b-v1:0' },
  { id: 'google.gemma-3-27b-it' },
  { id: 'google.gemma-3-12b-it' },
  { id: 'google.gemma-3-4b-it' },
];

/** From the most exact. */
const CONTINENTS: readonly (readonly [regions: string, profile: Profile])[] = [
  ['us-gov-', 'us-gov'],
  ['us-', 'us'],
  ['eu-', 'eu'],
  ['ap-', 'apac'],
];

/** The names of each model by the id to ask for, in this region, with the inference profile that its owner wishes. */
export function offeredModels(profile: Profile, region = ''): Readonly<Record<string, readonly string[]>> {
  const continent = CONTINENTS.find(([regions]) => region.startsWith(regions))?.[1];
  // Prompts stay on their continent, where the newest models have a profile for it.
  const isContinental = continent !== undefined && continent !== 'apac';
  const wanted = profile === 'auto' ? (isContinental ? continent : 'global') : profile;
  const idOf = ({ id, spread }: BedrockModel): string => {
    const prefix = wanted === 'global' && spread === 'continent' ? continent : wanted;
    return !spread || !prefix || prefix === 'none' ? id : `${prefix}.${id}`;
  };
  return Object.fromEntries(MODELS.map((model) => [idOf(model), model.names ?? [`amazon-bedrock/${model.id}`]]));
}
