const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['content_filtered', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
  ['refusal', 'content_filter'],
]);

/** OpenAI's `finish_reason` for Converse's `stopReason`; all others say that the model is done. */
export function finishReason(stopReason: unknown): string {
  return REASONS.get(stopReason) ?? 'stop';
}
