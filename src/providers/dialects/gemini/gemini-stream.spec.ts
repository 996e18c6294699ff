import * as fc from 'fast-check';
import { chatCall } from '../../../../test/support/chat-call.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { inputTokens, outputTokens } from '../../token-usage.js';
import { chatCompletion } from './gemini-reply.js';
import { GeminiStreamDecoder } from './gemini-stream.js';
import { readUsage } from './gemini-usage.js';

const CALL = chatCall({}, { nativeModel: 'gemini-3-pro', isStream: true });
const frame = (event: unknown): string => `data: ${JSON.stringify(event)}\r\n\r\n`;
const event = (parts: object[], candidate: object = {}, more: object = {}): JsonObject => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...candidate }],
  responseId: 'r1',
  modelVersion: 'gemini-3-pro-001',
  ...more,
});

interface Delta {
  readonly content?: string;
  readonly refusal?: string;
  readonly tool_calls?: JsonObject[];
}

function decode(pieces: Buffer[], call = CALL) {
  const decoder = new GeminiStreamDecoder({ id: 'google' }, call);
  const sent = Buffer.concat(pieces.flatMap((piece) => decoder.decode(piece, (chunk) => chunk))).toString();
  const chunks = sent
    .split('\n\n')
    .filter(Boolean)
    .map(
      (text) =>
        JSON.parse(text.slice('data: '.length)) as { choices: { delta: Delta; finish_reason: string | null }[] },
    );
  return { decoder, sent, chunks, deltas: chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta)) };
}

const read = (...events: object[]) => decode([Buffer.from(events.map(frame).join(''))]);

describe('a stream of Gemini', () => {
  it('begins with the role and ends with the reason and the usage', () => {
    const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 9 };
    const { decoder, deltas, chunks } = read(
      event([{ text: 'Hel' }]),
      event([{ text: 'lo' }], { finishReason: 'MAX_TOKENS' }, { usageMetadata }),
    );
    expect(deltas).toEqual([{ role: 'assistant', content: 'Hel' }, { content: 'lo' }, {}]);
    expect(chunks.at(-1)).toMatchObject({
      id: 'r1',
      model: 'gemini-3-pro-001',
      choices: [{ finish_reason: 'length' }],
      usage: { prompt_tokens: 5, completion_tokens: 9 },
    });
    expect(decoder).toMatchObject({ isTerminated: true, hasContent: true, failure: undefined });
    expect(decoder.text()).toBe('Hello');
  });

  it('is cut when no reason came', () => {
    expect(read(event([{ text: 'Hel' }])).decoder.isTerminated).toBe(false);
  });

  it('calls tools, with the signature beside the call and among the details', () => {
    const { deltas, chunks } = read(
      event([
        { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'S' },
        { functionCall: { id: 'theirs', name: 'g' } },
      ]),
      event([{ text: '' }], { finishReason: 'STOP' }),
    );
    const opening = { index: 0, id: 'call_request1_0_0', type: 'function', function: { name: 'f', arguments: '' } };
    expect(deltas).toEqual([
      { role: 'assistant', tool_calls: [{ ...opening, extra_content: { google: { thought_signature: 'S' } } }] },
      {
        reasoning_details: [
          { type: 'reasoning.encrypted', data: 'S', format: 'google-gemini-v1', id: 'call_request1_0_0', index: 0 },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] },
      { tool_calls: [{ index: 1, id: 'theirs', type: 'function', function: { name: 'g', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('joins arguments that come piece by piece', () => {
    const piece = (path: string, value: object) => ({ partialArgs: [{ jsonPath: path, ...value }] });
    const { deltas } = read(
      event([{ functionCall: { name: 'f', willContinue: true, ...piece('$.city', { stringValue: 'Ro' }) } }]),
      event([{ functionCall: { willContinue: true, ...piece('$.city', { stringValue: 'me' }) } }]),
      event([{ functionCall: { willContinue: true, ...piece('$.days[0].hot', { boolValue: true }) } }]),
      event([{ functionCall: {} }], { finishReason: 'STOP' }),
    );
    expect(deltas.at(-2)).toEqual({
      tool_calls: [{ index: 0, function: { arguments: '{"city":"Rome","days":[{"hot":true}]}' } }],
    });
  });

  it('thinks apart from what it says, and not at all where the client does not want it', () => {
    const events = [event([{ text: 'Hm', thought: true }]), event([{ text: 'Hi' }], { finishReason: 'STOP' })];
    expect(read(...events).deltas).toMatchObject([{ reasoning_content: 'Hm' }, { content: 'Hi' }, {}]);
    const hidden = chatCall({ reasoning: { effort: 'low', exclude: true } }, { isStream: true });
    expect(decode([Buffer.from(events.map(frame).join(''))], hidden).deltas).toEqual([
      { role: 'assistant', content: 'Hi' },
      {},
    ]);
  });

  it('ends at once when the prompt is blocked', () => {
    const { decoder, deltas, chunks } = read({ promptFeedback: { blockReason: 'SAFETY' } });
    expect(deltas[0]?.refusal).toContain('safety');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('content_filter');
    expect(decoder.isOver).toBe(true);
  });

  it.each([
    [{ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }, 'unavailable'],
    [event([], { finishReason: 'MALFORMED_FUNCTION_CALL' }), 'malformed_function_call'],
  ])('fails by %j', (failing, type) => {
    expect(read(event([{ text: 'Hi' }]), failing).decoder.failure?.type).toBe(type);
  });

  it('wants a reason for each of the candidates', () => {
    const call = chatCall({ n: 2 }, { isStream: true });
    const ended = (index: number) => Buffer.from(frame(event([{ text: 'x' }], { index, finishReason: 'STOP' })));
    expect(decode([ended(0)], call).decoder.isTerminated).toBe(false);
    expect(decode([ended(0), ended(1)], call).decoder.isTerminated).toBe(true);
  });

  const anyPart = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text) => ({ text })),
    fc.string({ unit: 'grapheme' }).map((text) => ({ text, thought: true })),
    fc.string().map((thoughtSignature) => ({ text: '', thoughtSignature })),
    fc.dictionary(fc.string(), fc.jsonValue()).map((args) => ({ functionCall: { name: 'f', args } })),
    fc.constant({ executableCode: { code: '1' } }),
    fc.constant({ partOfTomorrow: true }),
  );

  it('says the same wherever its bytes are cut, and the same as a whole reply', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyPart, { maxLength: 3 }), { maxLength: 6 }),
        fc.array(fc.nat()),
        (turns, places) => {
          const events = [...turns.map((parts) => event(parts)), event([], { finishReason: 'STOP' })];
          const bytes = Buffer.from(events.map(frame).join(''));
          const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
          const cut = decode(pieces);
          expect(cut.sent).toBe(decode([bytes]).sent);
          const whole = chatCompletion(event(turns.flat(), { finishReason: 'STOP' }), CALL);
          expect(cut.deltas.map(({ content = '' }) => content).join('')).toBe(
            (whole.document.value as { choices: { message: { content: string | null } }[] }).choices[0]?.message
              .content ?? '',
          );
        },
      ),
    );
  });
});

describe("Gemini's usage", () => {
  it('is told apart: cached, heard, thought', () => {
    const usage = readUsage({
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      toolUsePromptTokenCount: 5,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 10 }],
      candidatesTokenCount: 7,
      thoughtsTokenCount: 3,
    });
    expect(usage).toMatchObject({ input: 55, cacheRead: 40, audioInput: 10, output: 7, reasoning: 3 });
  });

  it('counts nothing twice, whatever it says', () => {
    const anyCount = fc.option(fc.integer({ min: -5, max: 1_000 }), { nil: undefined });
    const anyUsage = fc.record({
      promptTokenCount: anyCount,
      cachedContentTokenCount: anyCount,
      toolUsePromptTokenCount: anyCount,
      candidatesTokenCount: anyCount,
      thoughtsTokenCount: anyCount,
      promptTokensDetails: fc.constant([{ modality: 'AUDIO', tokenCount: 50 }]),
    });
    const positive = (value = 0) => Math.max(value, 0);
    fc.assert(
      fc.property(anyUsage, (given) => {
        const usage = readUsage(given);
        expect(Math.min(...(Object.values(usage) as number[]))).toBeGreaterThanOrEqual(0);
        expect(inputTokens(usage)).toBe(positive(given.promptTokenCount) + positive(given.toolUsePromptTokenCount));
        expect(outputTokens(usage)).toBe(positive(given.candidatesTokenCount) + positive(given.thoughtsTokenCount));
      }),
    );
  });
});
