const FILTERED: readonly unknown[] = [
  'SAFETY',
  'IMAGE_SAFETY',
  'RECITATION',
  'IMAGE_RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'IMAGE_PROHIBITED_CONTENT',
  'SPII',
];

/** OpenAI's `finish_reason` for Google's. All others, also those to come, say that the model has ended. */
export function finishReason(given: unknown, hasCalls: boolean): string {
  if (given === 'MAX_TOKENS' || given === 'CONTINUATION') return 'length';
  if (FILTERED.includes(given)) return 'content_filter';
  return hasCalls ? 'tool_calls' : 'stop';
}
