const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);

/**
 * OpenAI's `finish_reason` for Anthropic's `stop_reason`. All others (`end_turn`, `stop_sequence`, `pause_turn`,
 * `compaction` and those to come) say that the model has said what it wants to say for now.
 */
export function finishReason(stopReason: unknown): string {
  return REASONS.get(stopReason) ?? 'stop';
}
