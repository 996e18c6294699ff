/** The most bytes that a character of JavaScript's takes in UTF-8. */
const BYTES_PER_CHARACTER = 3;

/** How many bytes a text takes at most in UTF-8, without looking at it. */
export function mostBytes(text: string): number {
  return text.length * BYTES_PER_CHARACTER;
}
