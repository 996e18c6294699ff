import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { JsonObject } from '../../src/platform/json/json-document.js';
import type { ChatChunk } from '../../src/providers/dialect.js';
import { bedrockDialect } from '../../src/providers/dialects/bedrock/bedrock-dialect.js';
import { chatCall } from './chat-call.js';

/** Amazon's own code frames what our code reads. */
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/** A message of an event stream, with these headers and the type of content that Bedrock names. */
export function message(headers: Readonly<Record<string, string>>, body: string): Buffer {
  const given = Object.entries({ ':content-type': 'application/json', ...headers });
  const typed = given.map(([name, value]) => [name, { type: 'string', value }] as const);
  return Buffer.from(codec.encode({ headers: Object.fromEntries(typed), body: Buffer.from(body) }));
}

/** An event as Bedrock sends it: its only key is the type, and `p` hides how long the text is. */
export function frame(event: JsonObject, padding = 'abc'): Buffer {
  const [[type, payload] = ['', {}]] = Object.entries(event);
  return message(
    { ':event-type': type, ':message-type': 'event' },
    JSON.stringify({ ...(payload as object), p: padding }),
  );
}

export const exception = (type: string, body: string): Buffer =>
  message({ ':exception-type': type, ':message-type': 'exception' }, body);

/** The events of a stream, or of one block of it. */
export const start: JsonObject = { messageStart: { role: 'assistant' } };
export const stop = (stopReason: string): JsonObject => ({ messageStop: { stopReason } });
export const figures = (usage: JsonObject): JsonObject => ({ metadata: { usage, metrics: { latencyMs: 1 } } });
export const delta = (contentBlockIndex: number, given: JsonObject): JsonObject => ({
  contentBlockDelta: { contentBlockIndex, delta: given },
});
export const end = (contentBlockIndex: number): JsonObject => ({ contentBlockStop: { contentBlockIndex } });
export const block = (index: number, ...deltas: JsonObject[]): JsonObject[] => [
  ...deltas.map((given) => delta(index, given)),
  end(index),
];
export const texts = (index: number, ...said: string[]): JsonObject[] =>
  block(index, ...said.map((text) => ({ text })));
export const call = (index: number, name: string, ...pieces: string[]): JsonObject[] => [
  { contentBlockStart: { contentBlockIndex: index, start: { toolUse: { toolUseId: `t${index}`, name } } } },
  ...block(index, ...pieces.map((input) => ({ toolUse: { input } }))),
];

/** What a client gets for these bytes, and the decoder that read them. */
export function decode(
  pieces: readonly Buffer[],
  request: JsonObject = {},
  nativeModel = 'us.anthropic.claude-sonnet-4-5',
) {
  const asked = chatCall(request, { isStream: true, nativeModel });
  const decoder = bedrockDialect.chatStream(asked, { id: 'amazon-bedrock' });
  const sent = Buffer.concat(pieces.flatMap((piece) => decoder.decode(piece, (chunk) => chunk)));
  const lines = sent.toString().split('\n\n').filter(Boolean);
  return { decoder, chunks: lines.map((line) => JSON.parse(line.slice('data: '.length)) as ChatChunk) };
}

export const read = (events: readonly JsonObject[], request: JsonObject = {}, nativeModel?: string) =>
  decode([Buffer.concat(events.map((event) => frame(event)))], request, nativeModel);
