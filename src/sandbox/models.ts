export const MODEL_IDS = ['echo-1', 'story-1', 'reason-1', 'tiny-1'] as const;
export type ModelId = (typeof MODEL_IDS)[number];

const DESCRIPTIONS: Readonly<Record<ModelId, string>> = {
  'echo-1': 'Simulated: says what it is and repeats the prompt. Calls tools and follows JSON schemas.',
  'story-1': 'Simulated: tells an endless made-up story, as long as it is asked to.',
  'reason-1': 'Simulated: pretends to think before it answers, and counts reasoning tokens.',
  'tiny-1': 'Simulated: one fixed reply at once, whatever is asked. For benchmarks.',
};

/** What `GET /v1/models` says of a model; the time is fixed, so that lists compare equal. */
export interface ModelCard {
  readonly id: ModelId;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: 'sandbox';
  readonly description: string;
  readonly context_length: number;
}

export const CONTEXT_LENGTH = 128_000;

export const MODEL_CARDS: readonly ModelCard[] = MODEL_IDS.map((id) => ({
  id,
  object: 'model',
  created: 1_767_225_600,
  owned_by: 'sandbox',
  description: DESCRIPTIONS[id],
  context_length: CONTEXT_LENGTH,
}));

/** Other names under which the models are known, for gateways that know only those of real providers. */
export type ModelAliases = Readonly<Record<string, ModelId>>;

export function findModel(id: unknown, aliases: ModelAliases = {}): ModelCard | undefined {
  const meant = typeof id === 'string' ? (aliases[id] ?? id) : id;
  return MODEL_CARDS.find((card) => card.id === meant);
}

/** Every name that may be asked for. */
export function namesOf(aliases: ModelAliases): string[] {
  return [...MODEL_IDS, ...Object.keys(aliases)];
}
