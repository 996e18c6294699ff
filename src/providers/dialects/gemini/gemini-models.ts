import type { JsonObject } from '../../../platform/json/json-document.js';
import type { DiscoveredModel } from '../../dialect.js';
import { objects } from '../chat-chunk.js';

const METHOD = 'generateContent';

/** Google's list of models, without those that do not chat. */
export function discoveredModels(list: JsonObject): DiscoveredModel[] {
  return objects(list['models'])
    .filter(({ name, supportedGenerationMethods: methods = [METHOD] }) => {
      return typeof name === 'string' && Array.isArray(methods) && methods.includes(METHOD);
    })
    .map(({ name, displayName, inputTokenLimit: context, outputTokenLimit: output }) => ({
      nativeId: String(name).replace(/^models\//, ''),
      name: typeof displayName === 'string' ? displayName : undefined,
      created: undefined,
      contextLength: positive(context),
      maxOutputTokens: positive(output),
    }));
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
