import type { JsonObject } from '../../../platform/json/json-document.js';
import type { DiscoveredModel } from '../../dialect.js';
import { objects } from '../chat-chunk.js';

/** Anthropic's list of models; the times in it are ISO 8601. */
export function discoveredModels(list: JsonObject): DiscoveredModel[] {
  return objects(list['data'])
    .filter(({ id }) => typeof id === 'string')
    .map(({ id, created_at: created, max_input_tokens: context }) => ({
      nativeId: String(id),
      created: positive(Date.parse(String(created)) / 1000),
      contextLength: positive(context),
    }));
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? Math.round(value) : undefined;
}
