import type { JournalLine } from '../billing/journal-line.js';
import { parseDollars, toApproximateDollars } from '../platform/money/nano-dollars.js';
import type { JsonObject } from '../platform/json/json-document.js';

/** What happened to one call, as its caller may see it: all but what it cost us. */
export function viewGeneration(line: JournalLine): JsonObject {
  const trace = line.trace as { attempts?: JsonObject[]; passed_over?: JsonObject[] } | null | undefined;
  return {
    id: line.id,
    object: 'generation',
    created_at: new Date(line.timestamp).toISOString(),
    model: line.model_id,
    provider: line.provider_id,
    api_key_id: line.api_key_id,
    endpoint: line.endpoint,
    status: line.status,
    streamed: line.streamed,
    duration_ms: line.duration_ms,
    first_token_ms: line.first_token_ms ?? null,
    usage: viewUsage(line),
    cost: toApproximateDollars(parseDollars(line.credits_used)),
    attempts: trace?.attempts?.map(withoutOurCost) ?? [onlyAttempt(line)],
    passed_over: trace?.passed_over ?? [],
  };
}

function viewUsage(line: JournalLine): JsonObject {
  const prompt = line.input_tokens + line.cache_read_tokens + line.cache_write_tokens + line.audio_input_tokens;
  const completion = line.output_tokens + line.reasoning_tokens + line.audio_output_tokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: line.cache_read_tokens,
      cache_write_tokens: line.cache_write_tokens,
      audio_tokens: line.audio_input_tokens,
    },
    completion_tokens_details: { reasoning_tokens: line.reasoning_tokens, audio_tokens: line.audio_output_tokens },
    source: line.token_source,
  };
}

/** A call that was served at the first try tells its story by itself. */
function onlyAttempt(line: JournalLine): JsonObject {
  return { provider: line.provider_id, model: line.model_id, status: line.status, reason: null, started_ms: 0 };
}

function withoutOurCost(attempt: JsonObject): JsonObject {
  const shown = { ...attempt };
  delete shown['wasted_cost'];
  return shown;
}
