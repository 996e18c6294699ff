import { isJsonObject, objectMember, type JsonObject } from '../platform/json/json-document.js';
import type { DiscoveredModel } from './dialect.js';

/** OpenAI's list of models, with what OpenRouter, Groq, Mistral, vLLM and others add to it. Pure. */
export function readModelList(list: JsonObject): DiscoveredModel[] {
  const data: unknown[] = Array.isArray(list['data']) ? list['data'] : [];
  return data.filter(isJsonObject).flatMap((model) => readModel(model) ?? []);
}

function readModel(model: JsonObject): DiscoveredModel | undefined {
  const { id, name, created } = model;
  if (typeof id !== 'string') return undefined;
  const architecture = objectMember(model, 'architecture') ?? model;
  const limits = { ...model, ...objectMember(model, 'top_provider') };
  return {
    nativeId: id,
    name: typeof name === 'string' ? name : undefined,
    created: positive(created),
    contextLength: firstPositive(model, ['context_length', 'context_window', 'max_context_length', 'max_model_len']),
    maxOutputTokens: firstPositive(limits, ['max_completion_tokens', 'max_output_length']),
    inputModalities: texts(architecture['input_modalities']),
    outputModalities: texts(architecture['output_modalities']),
    supportedParameters: texts(model['supported_parameters']),
  };
}

function firstPositive(model: JsonObject, names: readonly string[]): number | undefined {
  return names.map((name) => positive(model[name])).find((value) => value !== undefined);
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? Math.round(value) : undefined;
}

/** An empty list says as little as none. */
function texts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = value.filter((one): one is string => typeof one === 'string');
  return found.length > 0 ? found : undefined;
}
