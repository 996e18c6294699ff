import type { Bill } from '../inference/bill.js';
import { toApproximateDollars } from '../platform/money/nano-dollars.js';
import type { JsonObject } from '../platform/json/json-document.js';
import { inputTokens, outputTokens } from '../providers/token-usage.js';

/** OpenAI's `usage`: the provider's own figures where it gave any, else ours, and what the call cost the caller in USD. */
export function showUsage(given: JsonObject | undefined, { usage, source, credits }: Bill): JsonObject {
  const cost = toApproximateDollars(credits);
  if (given && source === 'provider') return { ...given, cost };
  const [prompt, completion] = [inputTokens(usage), outputTokens(usage)];
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWriteHour,
      audio_tokens: usage.audioInput,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: usage.audioOutput },
    cost,
  };
}
