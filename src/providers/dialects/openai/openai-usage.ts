import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import type { DialectTraits } from '../../dialect.js';
import type { TokenUsage } from '../../token-usage.js';

/**
 * OpenAI's usage in disjoint kinds: there `prompt_tokens` includes cached and audio tokens, and `completion_tokens`
 * reasoning and audio ones. A figure that contradicts its whole is cut to it, so that nothing counts twice.
 */
export function readUsage(usage: JsonObject, provider: DialectTraits): TokenUsage {
  const prompt = new Share(count(usage, 'prompt_tokens'));
  const promptDetails = objectMember(usage, 'prompt_tokens_details') ?? {};
  const cacheRead = prompt.take(count(promptDetails, 'cached_tokens') || count(usage, 'prompt_cache_hit_tokens'));
  const cacheWrite = prompt.take(count(promptDetails, 'cache_write_tokens'));
  const audioInput = prompt.take(count(promptDetails, 'audio_tokens'));

  const completion = new Share(count(usage, 'completion_tokens'));
  const completionDetails = objectMember(usage, 'completion_tokens_details') ?? {};
  const reasoningTokens = count(completionDetails, 'reasoning_tokens') || count(usage, 'reasoning_tokens');
  const reasoning = provider.countsReasoningApart ? reasoningTokens : completion.take(reasoningTokens);
  const audioOutput = completion.take(count(completionDetails, 'audio_tokens'));

  return {
    input: prompt.rest,
    cacheRead,
    cacheWrite,
    cacheWriteHour: 0,
    audioInput,
    output: completion.rest,
    reasoning,
    audioOutput,
  };
}

/** What a chunk or a reply says of usage, wherever this provider puts it. */
export function usageObject(holder: JsonObject, provider: DialectTraits): JsonObject | undefined {
  const direct = objectMember(holder, 'usage');
  if (direct || !provider.usageAt) return direct;
  const [outer, inner] = provider.usageAt;
  const wrapper = objectMember(holder, outer);
  return wrapper && objectMember(wrapper, inner);
}

/** A whole from which parts are taken until nothing is left. */
class Share {
  constructor(public rest: number) {}

  take(tokens: number): number {
    const taken = Math.min(tokens, this.rest);
    this.rest -= taken;
    return taken;
  }
}

function count(holder: JsonObject, name: string): number {
  const value = holder[name];
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
