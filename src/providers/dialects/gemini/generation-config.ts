import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { ChatCall } from '../../dialect.js';
import { stopSequences } from '../translation/stop-sequences.js';
import { droppedParameters } from './dropped-parameters.js';
import { thinkingConfig } from './thinking-config.js';

/** What Google calls OpenAI's parameters that are only numbers. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['seed', 'seed'],
  ['presence_penalty', 'presencePenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['n', 'candidateCount'],
]);

export function generationConfig(call: ChatCall): JsonObject {
  const request = call.request.value;
  const dropped = droppedParameters(request, call.nativeModel);
  const numbers = [...NAMES].filter(([name]) => typeof request[name] === 'number');
  const stops = stopSequences(request['stop']);
  const limit = maxOutputTokens(call);
  const thinking = thinkingConfig(request, call.nativeModel);
  return {
    ...Object.fromEntries(numbers.map(([name, theirs]) => [theirs, request[name]])),
    ...(limit !== undefined && { maxOutputTokens: limit }),
    ...(stops.length > 0 && { stopSequences: stops }),
    ...logprobs(request),
    ...(!dropped.includes('response_format') && answerFormat(request)),
    ...modalities(request),
    ...(thinking && { thinkingConfig: thinking }),
  };
}

/** Google counts for each candidate, and thoughts as well. */
function maxOutputTokens({ request, outputLimit = Infinity }: ChatCall): number | undefined {
  const { max_completion_tokens: newer, max_tokens: older, n } = request.value;
  const asked = newer ?? older;
  const choices = typeof n === 'number' && n > 1 ? n : 1;
  const afforded = Math.max(Math.floor(outputLimit / choices), 1);
  const limit = Math.min(typeof asked === 'number' ? asked : Infinity, afforded);
  return Number.isFinite(limit) ? limit : undefined;
}

function logprobs({ logprobs: isWanted, top_logprobs: most }: JsonObject): JsonObject {
  if (isWanted !== true) return {};
  return { responseLogprobs: true, ...(typeof most === 'number' && { logprobs: most }) };
}

/** OpenAI's `response_format`; Google takes JSON schemas as they are. */
function answerFormat(request: JsonObject): JsonObject {
  const format = objectMember(request, 'response_format') ?? {};
  if (format['type'] === 'json_object') return { responseMimeType: 'application/json' };
  if (format['type'] !== 'json_schema') return {};
  const schema = objectMember(objectMember(format, 'json_schema') ?? {}, 'schema');
  return { responseMimeType: 'application/json', ...(schema && { responseJsonSchema: schema }) };
}

function modalities({ modalities: wanted }: JsonObject): JsonObject {
  if (!Array.isArray(wanted)) return {};
  return { responseModalities: wanted.map((kind) => String(kind).toUpperCase()) };
}
