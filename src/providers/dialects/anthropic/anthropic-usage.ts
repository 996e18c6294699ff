import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { TokenUsage } from '../../token-usage.js';
import { objects } from '../chat-chunk.js';

/**
 * Anthropic's usage in disjoint kinds: its `input_tokens` leave cached tokens out already, its `output_tokens` include
 * what was thought. Where a turn compacted its context, the top-level figures leave that out, so the iterations are
 * added up; where another model took over, they are that model's, and stand as they are. An adviser's tokens have a
 * price of their own and are in none of these.
 */
export function readUsage(usage: JsonObject): TokenUsage {
  const iterations = objects(usage['iterations']);
  const isTakenOver = iterations.some(({ type }) => type === 'fallback_message');
  const own = iterations.filter(({ type }) => !isTakenOver && (type === 'compaction' || type === 'message'));
  const counted = own.length > 0 ? own : [usage];
  const cached = [usage, ...own.filter(({ type }) => type === 'compaction')];

  const output = total(counted, 'output_tokens');
  const reasoning = Math.min(count(objectMember(usage, 'output_tokens_details') ?? {}, 'thinking_tokens'), output);
  const lifetimes = objectMember(usage, 'cache_creation') ?? {};
  const hour = count(lifetimes, 'ephemeral_1h_input_tokens');
  const written = total(cached, 'cache_creation_input_tokens') || hour + count(lifetimes, 'ephemeral_5m_input_tokens');
  const cacheWriteHour = Math.min(hour, written);
  return {
    input: total(counted, 'input_tokens'),
    cacheRead: total(cached, 'cache_read_input_tokens'),
    cacheWrite: written - cacheWriteHour,
    cacheWriteHour,
    output: output - reasoning,
    reasoning,
    audioInput: 0,
    audioOutput: 0,
  };
}

/** Figures of a stream are cumulative: a later one takes the place of an earlier one, one that is missing does not. */
export function laterUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const given = Object.entries(later).filter(([, figure]) => figure !== null);
  return { ...earlier, ...Object.fromEntries(given) };
}

function total(holders: readonly JsonObject[], name: string): number {
  return holders.reduce((sum, holder) => sum + count(holder, name), 0);
}

function count(holder: JsonObject, name: string): number {
  const value = holder[name];
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
