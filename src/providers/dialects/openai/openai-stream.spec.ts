import * as fc from 'fast-check';
import type { ChatChunk, ChunkRewriter } from '../../dialect.js';
import { OpenAiStreamDecoder } from './openai-stream.js';

const AS_IT_CAME: ChunkRewriter = (chunk) => chunk;
const WITHOUT_USAGE: ChunkRewriter = (chunk) => {
  const rest = { ...chunk };
  delete rest['usage'];
  return rest;
};

const chunk = (delta: object, more: object = {}, choice: object = {}): ChatChunk => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  ...more,
});
const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

function decodeAll(pieces: Buffer[], rewrite: ChunkRewriter = AS_IT_CAME) {
  const decoder = new OpenAiStreamDecoder({ id: 'any' }, 1);
  const sent = pieces.flatMap((piece) => decoder.decode(piece, rewrite));
  return { decoder, sent: Buffer.concat(sent).toString() };
}

/** Cuts bytes anywhere, also through a character. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const anyChunk = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme' }).map((content) => chunk({ content })) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }).map((content) => chunk({ content }, { usage: null })) },
  fc.string().map((text) => chunk({ reasoning_content: text })),
  fc.string().map((content) => chunk({ role: 'assistant', content, note: '"content":"x"' })),
  fc.string().map((args) => chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: args } }] })),
  fc.nat(99).map((tokens) => ({ ...chunk({}), choices: [], usage: { prompt_tokens: tokens, completion_tokens: 1 } })),
);

describe('OpenAiStreamDecoder', () => {
  it.each([
    ['as it came', AS_IT_CAME],
    ['rewritten', WITHOUT_USAGE],
  ])('sends what parsing everything would send, %s, wherever the bytes are cut', (_, rewrite) => {
    fc.assert(
      fc.property(fc.array(anyChunk, { maxLength: 12 }), fc.array(fc.nat()), (chunks, places) => {
        const bytes = Buffer.from(chunks.map(frame).join(''));
        const { decoder, sent } = decodeAll(cut(bytes, places), rewrite);
        expect(sent).toBe(chunks.map((value) => frame(rewrite(value))).join(''));
        expect(decoder.text()).toBe(chunks.map(textIn).join(''));
      }),
      { numRuns: 300 },
    );
  });

  it('hands a run of alike events on as the bytes that came', () => {
    const bytes = Buffer.from(['Once', ' upon', ' a', ' \\n'].map((content) => frame(chunk({ content }))).join(''));
    const decoder = new OpenAiStreamDecoder({ id: 'any' }, 1);
    const sent = decoder.decode(bytes, AS_IT_CAME);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['lines that end in CRLF', 'data: {"choices":[{"delta":{"content":"a"}}]}\r\n\r\n'],
    ['comments', ': PROCESSING\n\ndata: {"choices":[{"delta":{"content":"a"}}]}\n\n: again\n'],
    [
      'an id and a retry line, which would break clients',
      'id: 7\nretry: 10\ndata: {"choices":[{"delta":{"content":"a"}}]}\n\n',
    ],
    ['an event line and no space', 'event: x\ndata:{"choices":[{"delta":{"content":"a"}}]}\n\n'],
  ])('reads %s and sends a plain event', (_, text) => {
    const { sent } = decodeAll([Buffer.from(text + text)]);
    expect(sent).toBe('data: {"choices":[{"delta":{"content":"a"}}]}\n\n'.repeat(2));
  });

  it('leaves out what it cannot read, and counts it', () => {
    const { decoder, sent } = decodeAll([
      Buffer.from(`data: {"choices":[{"del\n\n${frame(chunk({ content: 'x' }))}data: 7\n\ndata:\n\n`),
    ]);
    expect(sent).toBe(frame(chunk({ content: 'x' })));
    expect(decoder.malformedEvents).toBe(3);
  });

  it.each([
    ['nothing', '', false],
    ['text alone', frame(chunk({ content: 'x' })), false],
    ['a reason', frame(chunk({}, {}, { finish_reason: 'stop' })), true],
    ['[DONE]', 'data: [DONE]\n\n', true],
  ])('after %s the stream may end: %s', (_, text, isTerminated) => {
    expect(decodeAll([Buffer.from(text)]).decoder.isTerminated).toBe(isTerminated);
  });

  it('wants an end for each of the choices that were asked for', () => {
    const decoder = new OpenAiStreamDecoder({ id: 'any' }, 2);
    decoder.decode(Buffer.from(frame(chunk({}, {}, { finish_reason: 'stop' }))), AS_IT_CAME);
    expect(decoder.isTerminated).toBe(false);
    decoder.decode(Buffer.from(frame(chunk({}, {}, { index: 1, finish_reason: 'stop' }))), AS_IT_CAME);
    expect(decoder.isTerminated).toBe(true);
  });

  it('keeps the last usage, wherever the provider puts it', () => {
    const decoder = new OpenAiStreamDecoder({ id: 'groq', usageAt: ['x_groq', 'usage'] }, 1);
    decoder.decode(Buffer.from(frame(chunk({}, { usage: { prompt_tokens: 1, completion_tokens: 1 } }))), AS_IT_CAME);
    decoder.decode(
      Buffer.from(frame(chunk({}, { x_groq: { usage: { prompt_tokens: 3, completion_tokens: 5 } } }))),
      AS_IT_CAME,
    );
    expect(decoder.usage).toMatchObject({ input: 3, output: 5 });
  });
});

function textIn(value: ChatChunk): string {
  const [choice] = value['choices'] as { delta: Record<string, unknown> }[];
  const { content = '', reasoning_content: thought = '', tool_calls: calls } = choice?.delta ?? {};
  const called = Array.isArray(calls) ? (calls as { function: { name: string; arguments: string } }[]) : [];
  return [content, thought, ...called.flatMap((call) => [call.function.name, call.function.arguments])].join('');
}
