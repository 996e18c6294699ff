import type { Answer } from '../answer.js';
import type { Choice } from '../completion.js';
import { pieces, type StreamEvent } from '../stream-events.js';
import { SIGNATURE, stopReason, usageOf } from './anthropic-reply.js';

const TOOL_FRAGMENTS = 3;

interface TypedEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** A block, and the pieces in which it comes. */
interface Block {
  readonly start: object;
  readonly deltas: readonly object[];
}

/** Pure: the completion as the events of a faultless stream. */
export function messageEvents(answer: Answer): StreamEvent[] {
  const [choice] = answer.completion.choices;
  if (!choice) return [];
  return [
    startOf(answer),
    event('frame', { type: 'ping' }),
    ...blocksOf(choice, answer).flatMap((block, index) => blockEvents(block, index)),
    endOf(choice, answer),
    event('done', { type: 'message_stop' }),
  ];
}

function startOf({ behaviour, completion, envelope }: Answer): StreamEvent {
  const usage = { ...usageOf(completion.usage), output_tokens: 1 };
  const message = {
    id: envelope.id.replace('chatcmpl', 'msg'),
    type: 'message',
    role: 'assistant',
    model: envelope.model,
    content: [],
    stop_reason: null,
    ...(behaviour.fault !== 'no_usage' && { usage }),
  };
  return event('role', { type: 'message_start', message });
}

function endOf(choice: Choice, { behaviour, completion }: Answer): StreamEvent {
  const usage = behaviour.fault === 'no_usage' ? {} : { usage: usageOf(completion.usage) };
  return event('finish', {
    type: 'message_delta',
    delta: { stop_reason: stopReason(choice), stop_sequence: null },
    ...usage,
  });
}

function blocksOf({ reasoning, text, toolCalls }: Choice, { behaviour }: Answer): Block[] {
  const cut = (whole: string) => pieces(whole, behaviour.chunks);
  const thoughts = cut(reasoning).map((thinking) => ({ type: 'thinking_delta', thinking }));
  const signature = { type: 'signature_delta', signature: SIGNATURE };
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    start: { type: 'tool_use', id, name, input: {} },
    deltas: pieces(given, TOOL_FRAGMENTS).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
  }));
  return [
    ...(reasoning ? [{ start: { type: 'thinking', thinking: '' }, deltas: [...thoughts, signature] }] : []),
    ...(text
      ? [{ start: { type: 'text', text: '' }, deltas: cut(text).map((piece) => ({ type: 'text_delta', text: piece })) }]
      : []),
    ...calls,
  ];
}

function blockEvents({ start, deltas }: Block, index: number): StreamEvent[] {
  return [
    event('frame', { type: 'content_block_start', index, content_block: start }),
    ...deltas.map((delta) => event('output', { type: 'content_block_delta', index, delta })),
    event('frame', { type: 'content_block_stop', index }),
  ];
}

function event(kind: StreamEvent['kind'], value: TypedEvent): StreamEvent {
  return { kind, name: value.type, data: JSON.stringify(value) };
}
