import { objectMember, type JsonObject } from '../../../platform/json/json-document.js';
import { objects } from '../chat-chunk.js';

/** What is said about the thoughts of a model: whose they are, so that no other is given them. */
export type ThoughtFormat = 'anthropic-claude-v1' | 'amazon-bedrock-v1';

/** Claude's signatures hold wherever it is asked; OpenRouter's name says that they are its own. */
export function thoughtFormat(model: string): ThoughtFormat {
  return model.includes('claude') ? 'anthropic-claude-v1' : 'amazon-bedrock-v1';
}

/** A block of Converse's, or a piece of one in a stream, in the form in which clients keep it. */
export function thoughtDetails(reasoning: JsonObject, format: ThoughtFormat, index: number): JsonObject[] {
  const { text, signature } = objectMember(reasoning, 'reasoningText') ?? reasoning;
  const data =
    objectMember(reasoning, 'redactedReasoning')?.['data'] ?? reasoning['redactedContent'] ?? reasoning['data'];
  if (typeof data === 'string') return [{ type: 'reasoning.encrypted', data, format, index }];
  const thought = { ...(isText(text) && { text }), ...(isText(signature) && { signature }) };
  return Object.keys(thought).length > 0 ? [{ type: 'reasoning.text', ...thought, format, index }] : [];
}

/**
 * The blocks that these details once were. Clients send the pieces of a stream back joined or as they came: a thought
 * ends with its signature. Thoughts of other models, and unsigned ones, would be refused, and are left out.
 */
export function reasoningBlocks(details: unknown, wanted: ThoughtFormat): JsonObject[] {
  const blocks: JsonObject[] = [];
  let thought = '';
  for (const { type, text, data, signature, format = wanted } of objects(details)) {
    if (format !== wanted) continue;
    if (type === 'reasoning.encrypted') blocks.push({ reasoningContent: { redactedContent: data } });
    if (type !== 'reasoning.text') continue;
    if (isText(text)) thought += text;
    if (!isText(signature)) continue;
    blocks.push({ reasoningContent: { reasoningText: { text: thought, signature } } });
    thought = '';
  }
  return blocks;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
