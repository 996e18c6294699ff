import type { Bill } from '../inference/bill.js';
import { toApproximateDollars } from '../platform/money/nano-dollars.js';
import { objectMember, type JsonObject } from '../platform/json/json-document.js';
import { inputTokens, outputTokens, type TokenUsage } from '../providers/token-usage.js';

/** OpenAI's `usage`: the provider's own figures where it gave any, else ours, and what the call cost the caller in USD. */
export function showUsage(given: JsonObject | undefined, { usage, source, credits }: Bill): JsonObject {
  const cost = toApproximateDollars(credits);
  if (given && source === 'provider') return { ...given, ...corrections(given, usage), cost };
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

/**
 * What OpenAI means by its figures, where the provider means another thing: `completion_tokens` include the reasoning,
 * and what was cached stands among the details.
 */
function corrections(given: JsonObject, usage: TokenUsage): JsonObject {
  const [prompt, completion] = [inputTokens(usage), outputTokens(usage)];
  const shown = given['completion_tokens'];
  const isShort = typeof shown === 'number' && shown < completion;
  return {
    ...(isShort && { completion_tokens: completion, total_tokens: prompt + completion }),
    ...detail(given, ['prompt_tokens_details', 'cached_tokens'], usage.cacheRead),
    ...detail(given, ['completion_tokens_details', 'reasoning_tokens'], usage.reasoning),
  };
}

/** Nothing when it is given already. */
function detail(given: JsonObject, [group, name]: readonly [string, string], figure: number): JsonObject | undefined {
  const details = objectMember(given, group);
  return (details?.[name] ?? 0) === figure ? undefined : { [group]: { ...details, [name]: figure } };
}
