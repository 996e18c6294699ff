import { type JsonObject, isObject, textOr } from './json.js';

const BYTES_PER_TOKEN = 4;
const TOKENS_PER_MESSAGE = 3;
/** Parts that are not text cost the same whatever is in them, so that a test can know the sum beforehand. */
const TOKENS_PER_PART: Readonly<Record<string, number>> = { image_url: 85, input_audio: 100, file: 200 };

/** One token is four bytes of UTF-8: near the truth for English, and anybody can check it by hand. */
export function countTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** The longest beginning of the text that is at most this many tokens and cuts no character. */
export function truncateToTokens(text: string, tokens: number): string {
  const bytes = Buffer.from(text);
  let end = tokens * BYTES_PER_TOKEN;
  if (end >= bytes.length) return text;
  while (isContinuationByte(bytes[end])) end--;
  return bytes.toString('utf8', 0, end);
}

/** The text again and again until it has exactly this many tokens (a cut character may leave it short by bytes). */
export function fitToTokens(text: string, tokens: number): string {
  const repeats = Math.ceil((tokens * BYTES_PER_TOKEN) / (Buffer.byteLength(text) + 1));
  return truncateToTokens(Array.from({ length: repeats }, () => text).join(' '), tokens);
}

/** The text in token-sized pieces, none of which cuts a character. */
export function splitIntoTokens(text: string): string[] {
  const tokens: string[] = [];
  let token = '';
  for (const character of text) {
    if (token && Buffer.byteLength(token + character) > BYTES_PER_TOKEN) {
      tokens.push(token);
      token = '';
    }
    token += character;
  }
  return token ? [...tokens, token] : tokens;
}

export function countPromptTokens(messages: readonly JsonObject[], tools: readonly JsonObject[]): number {
  const ofMessages = messages.map(countMessageTokens).reduce((sum, tokens) => sum + tokens, 0);
  return ofMessages + (tools.length > 0 ? countTokens(JSON.stringify(tools)) : 0);
}

function countMessageTokens(message: JsonObject): number {
  const calls = message['tool_calls'] === undefined ? 0 : countTokens(JSON.stringify(message['tool_calls']));
  const { content } = message;
  if (!Array.isArray(content)) return TOKENS_PER_MESSAGE + calls + countTokens(textOr(content, ''));
  const parts = content.filter(isObject).map(countPartTokens);
  return TOKENS_PER_MESSAGE + calls + parts.reduce((sum, tokens) => sum + tokens, 0);
}

function countPartTokens(part: JsonObject): number {
  const type = textOr(part['type'], '');
  return TOKENS_PER_PART[type] ?? countTokens(textOr(part['text'], ''));
}

function isContinuationByte(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
