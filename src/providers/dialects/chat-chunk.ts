import { isJsonObject, objectMember, type JsonObject } from '../../platform/json/json-document.js';
import type { ChatChunk } from '../dialect.js';

/** The objects in an array, or in nothing. */
export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** What a chunk's deltas, or a reply's messages, hold of text that the model wrote: visible, thought or called. */
export function writtenText(choice: JsonObject): string {
  const message = objectMember(choice, 'delta') ?? objectMember(choice, 'message') ?? {};
  const texts = [
    textOf(message['content']),
    textOf(message['reasoning_content'] ?? message['reasoning']),
    textOf(message['refusal']),
  ];
  for (const call of objects(message['tool_calls'])) {
    const called = objectMember(call, 'function') ?? {};
    texts.push(textOf(called['name']), textOf(called['arguments']));
  }
  return texts.join('');
}

/** Whether a choice holds anything that its caller waited for. */
export function hasContent(choice: JsonObject): boolean {
  const message = objectMember(choice, 'delta') ?? objectMember(choice, 'message') ?? {};
  return (
    writtenText(choice) !== '' ||
    objects(message['tool_calls']).length > 0 ||
    isJsonObject(message['audio']) ||
    isJsonObject(message['function_call'])
  );
}

/**
 * The text of a chunk that holds nothing else: one choice, no end, no tool, no usage.
 * Undefined for every other chunk.
 */
export function onlyText(chunk: ChatChunk): string | undefined {
  const [choice, ...others] = objects(chunk['choices']);
  if (!choice || others.length > 0 || isPresent(chunk['usage'])) return undefined;
  if (isPresent(choice['finish_reason']) || isPresent(choice['logprobs'])) return undefined;
  const delta = objectMember(choice, 'delta') ?? {};
  const content = delta['content'];
  const isOnlyText = Object.keys(delta).every((name) => name === 'content' || !isPresent(delta[name]));
  return isOnlyText && typeof content === 'string' && content !== '' ? content : undefined;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return objects(value)
    .map((part) => part['text'])
    .filter((text) => typeof text === 'string')
    .join('');
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}
