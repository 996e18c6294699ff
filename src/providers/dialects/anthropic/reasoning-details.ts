import type { JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';

/** OpenRouter's name for thoughts that only Claude can check. */
const FORMAT = 'anthropic-claude-v1';

/** A thought, or a piece of one, in the form in which clients keep it. `index` counts the thoughts of a message. */
export function thoughtDetail(thought: { text?: unknown; signature?: unknown }, index: number): JsonObject {
  return { type: 'reasoning.text', ...thought, format: FORMAT, index };
}

/** A thought that Anthropic encrypted, because it is not for the reader. */
export function encryptedDetail(data: unknown, index: number): JsonObject {
  return { type: 'reasoning.encrypted', data, format: FORMAT, index };
}

/**
 * The blocks that these details once were. Clients send the pieces of a stream back joined or as they came: a thought
 * ends with its signature. Thoughts of other models, and unsigned ones, would be refused, and are left out.
 */
export function thinkingBlocks(details: unknown): JsonObject[] {
  const blocks: JsonObject[] = [];
  let thinking = '';
  for (const detail of objects(details)) {
    const { type, text, data, signature, format = FORMAT } = detail;
    if (format !== FORMAT) continue;
    if (type === 'reasoning.encrypted') blocks.push({ type: 'redacted_thinking', data });
    if (type !== 'reasoning.text') continue;
    if (typeof text === 'string') thinking += text;
    if (typeof signature !== 'string' || signature === '') continue;
    blocks.push({ type: 'thinking', thinking, signature });
    thinking = '';
  }
  return blocks;
}
