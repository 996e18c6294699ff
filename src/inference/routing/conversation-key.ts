import { isJsonObject, type JsonObject } from '../../platform/json/json-document.js';

/** So much of a text tells conversations apart; more would cost. */
const PREFIX_CHARACTERS = 512;

/**
 * What a call has in common with others of its conversation: the session or user that the caller names, else how the
 * conversation begins. Undefined when there is nothing to go by.
 */
export function conversationKey(userId: string, request: JsonObject): string | undefined {
  const named = request['session_id'] ?? request['prompt_cache_key'] ?? request['user'];
  if (typeof named === 'string' && named !== '') return `${userId} n ${named.slice(0, PREFIX_CHARACTERS)}`;
  const { messages } = request;
  if (!Array.isArray(messages)) return undefined;
  const beginning = beginningOf(messages);
  return beginning === '' ? undefined : `${userId} p ${beginning}`;
}

/** The instructions and the first question: what follows them changes from turn to turn. */
function beginningOf(messages: readonly unknown[]): string {
  const texts: string[] = [];
  for (const message of messages) {
    if (!isJsonObject(message) || message['role'] === 'assistant') break;
    texts.push(textOf(message['content']));
    if (message['role'] === 'user') break;
  }
  return texts.join('\n');
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return abridged(content);
  if (!Array.isArray(content)) return '';
  const part = content.find((one): one is JsonObject => isJsonObject(one) && typeof one['text'] === 'string');
  return part ? abridged(String(part['text'])) : '';
}

/** Its length tells apart what begins alike. */
function abridged(text: string): string {
  return `${text.length} ${text.slice(0, PREFIX_CHARACTERS)}`;
}
