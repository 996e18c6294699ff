import type { JsonObject } from '../../../platform/json/json-document.js';
import type { TokenUsage } from '../../token-usage.js';
import { objects } from '../chat-chunk.js';

/**
 * Google's usage in disjoint kinds: its prompt includes what was cached but not what its own tools read, its candidates
 * leave the thoughts out. A figure that contradicts its whole is cut to it, so that nothing counts twice.
 */
export function readUsage(usage: JsonObject): TokenUsage {
  const prompt = count(usage['promptTokenCount']) + count(usage['toolUsePromptTokenCount']);
  const cacheRead = Math.min(count(usage['cachedContentTokenCount']), prompt);
  const heard = spoken(usage['promptTokensDetails']) - spoken(usage['cacheTokensDetails']);
  const audioInput = Math.min(Math.max(heard, 0), prompt - cacheRead);
  const written = count(usage['candidatesTokenCount']);
  const audioOutput = Math.min(spoken(usage['candidatesTokensDetails']), written);
  return {
    input: prompt - cacheRead - audioInput,
    cacheRead,
    cacheWrite: 0,
    cacheWriteHour: 0,
    audioInput,
    output: written - audioOutput,
    reasoning: count(usage['thoughtsTokenCount']),
    audioOutput,
  };
}

/** Tokens of sound, by the details of a figure. */
function spoken(details: unknown): number {
  return objects(details)
    .filter(({ modality }) => modality === 'AUDIO')
    .reduce((sum, { tokenCount }) => sum + count(tokenCount), 0);
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
