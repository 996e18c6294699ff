import type { JsonObject } from '../../../platform/json/json-document.js';
import type { TokenUsage } from '../../token-usage.js';
import { objects } from '../chat-chunk.js';

/**
 * Converse's usage in disjoint kinds: `inputTokens` leave cached tokens out already, and what was thought is somewhere in
 * `outputTokens`, nobody says how much.
 */
export function readUsage(usage: JsonObject): TokenUsage {
  const lifetimes = objects(usage['cacheDetails']);
  const hour = lifetimes.filter(({ ttl }) => ttl === '1h').reduce((sum, part) => sum + count(part, 'inputTokens'), 0);
  const written = count(usage, 'cacheWriteInputTokens');
  const cacheWriteHour = Math.min(hour, written);
  return {
    input: count(usage, 'inputTokens'),
    cacheRead: count(usage, 'cacheReadInputTokens'),
    cacheWrite: written - cacheWriteHour,
    cacheWriteHour,
    output: count(usage, 'outputTokens'),
    reasoning: 0,
    audioInput: 0,
    audioOutput: 0,
  };
}

function count(holder: JsonObject, name: string): number {
  const value = holder[name];
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
