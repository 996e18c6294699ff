import { isJsonObject, objectMember, type JsonObject } from '../../platform/json/json-document.js';
import type { Answer } from './exchange.js';

/** What of a message is kept: what was said and what was called, not what was thought. */
const KEPT = ['content', 'refusal', 'tool_calls', 'function_call'] as const;

interface SpokenCall {
  readonly id: unknown;
  readonly type: unknown;
  readonly function: { name: string; arguments: string };
}

/** What was heard of one choice of a stream. */
interface Spoken {
  content: string;
  refusal: string;
  readonly calls: Map<unknown, SpokenCall>;
}

/** The model's messages, one for each choice. Pure. */
export function answerMessages(answer: Answer): JsonObject[] {
  if ('stream' in answer) return messagesIn(Buffer.concat(answer.stream).toString('utf8'));
  return answer.choices.map((choice) => {
    const message = objectMember(choice, 'message') ?? {};
    const kept = KEPT.filter((name) => message[name] !== undefined && message[name] !== null);
    return { role: 'assistant', ...Object.fromEntries(kept.map((name) => [name, message[name]])) };
  });
}

function messagesIn(events: string): JsonObject[] {
  const choices = new Map<unknown, Spoken>();
  for (const event of events.split('\n\n')) for (const choice of choicesOf(event)) hear(choice, choices);
  return [...choices.values()].map(({ content, refusal, calls }) => ({
    role: 'assistant',
    ...(content !== '' && { content }),
    ...(refusal !== '' && { refusal }),
    ...(calls.size > 0 && { tool_calls: [...calls.values()] }),
  }));
}

/** The events are those that we sent: a line of `data:` with a chunk in it, or comments. */
function choicesOf(event: string): JsonObject[] {
  const start = event.indexOf('data: {');
  if (start < 0) return [];
  const chunk: unknown = JSON.parse(event.slice(start + 'data: '.length));
  return isJsonObject(chunk) ? objects(chunk['choices']) : [];
}

function hear(choice: JsonObject, choices: Map<unknown, Spoken>): void {
  const index = choice['index'] ?? 0;
  const spoken: Spoken = choices.get(index) ?? { content: '', refusal: '', calls: new Map() };
  choices.set(index, spoken);
  const { content, refusal, tool_calls: calls } = objectMember(choice, 'delta') ?? {};
  if (typeof content === 'string') spoken.content += content;
  if (typeof refusal === 'string') spoken.refusal += refusal;
  for (const fragment of objects(calls)) hearCall(fragment, spoken.calls);
}

/** The id and the name come once, the arguments in pieces. */
function hearCall(fragment: JsonObject, calls: Map<unknown, SpokenCall>): void {
  const { index, id, type = 'function' } = fragment;
  const known: SpokenCall = calls.get(index) ?? { id, type, function: { name: '', arguments: '' } };
  calls.set(index, known);
  const { name, arguments: piece } = objectMember(fragment, 'function') ?? {};
  if (typeof name === 'string') known.function.name += name;
  if (typeof piece === 'string') known.function.arguments += piece;
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
