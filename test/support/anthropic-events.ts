import type { JsonObject } from '../../src/platform/json/json-document.js';
import type { ChatChunk } from '../../src/providers/dialect.js';
import { anthropicDialect } from '../../src/providers/dialects/anthropic/anthropic-dialect.js';
import { chatCall } from './chat-call.js';

/** An event as Anthropic sends it; the others here are the events of a stream, or what becomes of them. */
export const frame = (event: JsonObject) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`;
export const start = (more: JsonObject = {}) => ({
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude-x', content: [], usage: { input_tokens: 5, output_tokens: 1 }, ...more },
});
export const stop = { type: 'message_stop' };
export const ended = (reason: string, usage: JsonObject = { output_tokens: 9 }) => ({
  type: 'message_delta',
  delta: { stop_reason: reason },
  usage,
});
/** The events of one block, whole. */
export const block = (index: number, given: JsonObject, ...deltas: JsonObject[]) => [
  { type: 'content_block_start', index, content_block: given },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];
export const texts = (index: number, ...said: string[]) =>
  block(index, { type: 'text', text: '' }, ...said.map((text) => ({ type: 'text_delta', text })));
export const input = (...pieces: string[]) =>
  pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece }));

/** What a client gets for these bytes, and the decoder that read them. */
export function decode(pieces: readonly Buffer[], request: JsonObject = {}) {
  const decoder = anthropicDialect.chatStream(chatCall(request, { isStream: true }), { id: 'anthropic' });
  const sent = Buffer.concat(pieces.flatMap((piece) => decoder.decode(piece, (chunk) => chunk)));
  const chunks = sent
    .toString()
    .split('\n\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line.slice('data: '.length)) as ChatChunk);
  return { decoder, chunks };
}

export const read = (events: readonly JsonObject[], request: JsonObject = {}) =>
  decode([Buffer.from(events.map(frame).join(''))], request);

export function deltas(chunks: readonly ChatChunk[]): JsonObject[] {
  return chunks.map(({ choices }) => (choices as { delta: JsonObject }[])[0]?.delta ?? {});
}

export function reasons(chunks: readonly ChatChunk[]): unknown[] {
  return chunks.map(({ choices }) => (choices as JsonObject[])[0]?.['finish_reason']);
}

export const joined = (chunks: readonly ChatChunk[], name: string) =>
  deltas(chunks)
    .map((delta) => (typeof delta[name] === 'string' ? delta[name] : ''))
    .join('');
