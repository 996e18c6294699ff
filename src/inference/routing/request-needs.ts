import { isJsonObject, type JsonObject } from '../../platform/json/json-document.js';

/** Few texts have more tokens than that; what a prompt has more than was set aside is charged all the same. */
const CHARACTERS_PER_TOKEN = 3;
const TOKENS_PER_MESSAGE = 4;
/** An image at high detail, a minute of speech, some pages: parts whose tokens only the provider can know. */
const TOKENS_PER_PART = 1_600;

/** What a part of a message is read as, by the member that only such a part has. */
const MODALITY_OF_PART = { image_url: 'image', input_audio: 'audio', file: 'file' } as const;

/** Nearly every request; a set of its own would be half of what reading it leaves behind. */
const TEXT_ONLY: ReadonlySet<string> = new Set();

/** What a request asks of whoever answers it, as far as it can be known beforehand. */
export interface RequestNeeds {
  /** About as many tokens as the prompt has. */
  readonly inputTokens: number;
  /** The most that one choice may write; undefined when the caller sets no limit. */
  readonly outputTokens: number | undefined;
  readonly choices: number;
  /** What it holds besides text: `image`, `audio`, `file`. */
  readonly modalities: ReadonlySet<string>;
  /** Features that cannot be left out without another answer coming back: `tools`, `response_format`. */
  readonly features: readonly string[];
}

/** Looks once at all of a chat request. Pure. */
export function readNeeds(request: JsonObject): RequestNeeds {
  const size: Size = { characters: 0, tokens: 0, modalities: undefined };
  const messages: unknown[] = Array.isArray(request['messages']) ? request['messages'] : [];
  size.tokens = messages.length * TOKENS_PER_MESSAGE;
  measure(messages, size);
  for (const name of ['tools', 'response_format']) if (request[name] !== undefined) measure(request[name], size);
  const { n } = request;
  return {
    inputTokens: Math.ceil(size.characters / CHARACTERS_PER_TOKEN) + size.tokens,
    outputTokens: requestedOutput(request),
    choices: typeof n === 'number' && n > 1 ? n : 1,
    modalities: size.modalities ?? TEXT_ONLY,
    features: featuresOf(request),
  };
}

function requestedOutput({ max_completion_tokens: newer, max_tokens: older }: JsonObject): number | undefined {
  const given = newer ?? older;
  return typeof given === 'number' && given >= 0 ? Math.ceil(given) : undefined;
}

function featuresOf({ tools, response_format: format }: JsonObject): string[] {
  const features: string[] = [];
  if (Array.isArray(tools) && tools.length > 0) features.push('tools');
  if (isJsonObject(format) && format['type'] !== 'text') features.push('response_format');
  return features;
}

interface Size {
  characters: number;
  tokens: number;
  modalities: Set<string> | undefined;
}

/** Adds up every text in a value; pictures and sounds are text only in the request. */
function measure(value: unknown, size: Size): void {
  if (typeof value === 'string') size.characters += value.length;
  else if (Array.isArray(value)) for (const item of value) measure(item, size);
  else if (isJsonObject(value)) measureObject(value, size);
}

function measureObject(value: JsonObject, size: Size): void {
  const modality = modalityOf(value);
  if (!modality) {
    for (const name in value) measure(value[name], size);
    return;
  }
  size.tokens += TOKENS_PER_PART;
  size.modalities ??= new Set();
  size.modalities.add(modality);
}

function modalityOf(value: JsonObject): string | undefined {
  if (value['image_url'] !== undefined) return MODALITY_OF_PART.image_url;
  if (value['input_audio'] !== undefined) return MODALITY_OF_PART.input_audio;
  return value['file'] === undefined ? undefined : MODALITY_OF_PART.file;
}
