import type { JsonObject } from '../../../platform/json/json-document.js';
import { inputTokens, outputTokens, type TokenUsage } from '../../token-usage.js';

/** OpenAI's `usage`, where `prompt_tokens` include the cached ones and `completion_tokens` the reasoning. */
export function openAiUsage(usage: TokenUsage): JsonObject {
  const [prompt, completion] = [inputTokens(usage), outputTokens(usage)];
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWriteHour,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}
