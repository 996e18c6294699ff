import type { JsonObject } from '../../../platform/json/json-document.js';
import type { DiscoveredModel } from '../../dialect.js';
import { objects } from '../chat-chunk.js';

/** Anthropic's list of models; the times in it are ISO 8601. */
export function discoveredModels(list: JsonObject): DiscoveredModel[] {
  return objects(list['data'])
    .filter(({ id }) => typeof id === 'string')
    .map(({ id, display_name: name, created_at: created, max_input_tokens: context, max_tokens: output }) => ({
      nativeId: String(id),
      name: typeof name === 'string' ? name : undefined,
      created: positive(Date.parse(String(created)) / 1000),
      contextLength: positive(context),
      maxOutputTokens: positive(output),
    }));
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? Math.round(value) : undefined;
}
