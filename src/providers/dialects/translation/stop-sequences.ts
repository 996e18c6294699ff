/** OpenAI's `stop`, one or several. */
export function stopSequences(stop: unknown): string[] {
  const given: unknown[] = Array.isArray(stop) ? stop : [stop];
  return given.filter((sequence) => typeof sequence === 'string');
}
