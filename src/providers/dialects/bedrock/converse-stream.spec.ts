import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import * as fc from 'fast-check';
import { deltas, joined, reasons } from '../../../../test/support/anthropic-events.js';
import { readStream, type ModelThatHears } from '../../../../test/support/client-reading.js';
import {
  block,
  call,
  decode,
  delta,
  end,
  exception,
  figures,
  frame,
  message,
  read,
  start,
  stop,
  texts,
} from '../../../../test/support/converse-events.js';
import type { JsonObject } from '../../../platform/json/json-document.js';
import { encodeChunk } from '../chat-stream.js';
import { gatewayClient } from '../../../../test/support/replayed.js';

const USAGE = { inputTokens: 5, outputTokens: 9, totalTokens: 14, cacheReadInputTokens: 2 };
const amazonClient: ModelThatHears = (fetch) =>
  createAmazonBedrock({ apiKey: 'none', region: 'us-east-1', fetch }).languageModel('us.anthropic.claude-sonnet-4-5');

const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
const someText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const anyBlock = fc.oneof(
  fc.array(anyText).map((said) => (at: number) => texts(at, ...said)),
  fc.tuple(fc.array(someText, { minLength: 1 }), someText).map(
    ([thought, signature]) =>
      (at: number) =>
        block(at, ...thought.map((text) => ({ reasoningContent: { text } })), { reasoningContent: { signature } }),
  ),
  fc.jsonValue().map((value) => (at: number) => call(at, 'f', '{"a":', `${JSON.stringify(value)}}`)),
  fc.constant((at: number) => call(at, 'without_arguments')),
  fc.constant((at: number) => block(at, { reasoningContent: { redactedContent: 'c2VjcmV0' } })),
  fc.constant((at: number) => block(at, { citation: { title: 'A page', location: { web: { url: 'https://a' } } } })),
);
const anyStream = fc
  .tuple(
    fc.array(anyBlock, { minLength: 1, maxLength: 6 }),
    fc.constantFrom('end_turn', 'tool_use', 'max_tokens'),
    fc.boolean(),
  )
  .map(([blocks, reason, isFiguresFirst]) => {
    const ending = [stop(reason), figures(USAGE)];
    return [start, ...blocks.flatMap((make, at) => make(at)), ...(isFiguresFirst ? ending.reverse() : ending)];
  });

describe('a stream of Converse', () => {
  it('begins with the role and ends with the reason and the usage', () => {
    const { decoder, chunks } = read([start, ...texts(0, 'Hel', 'lo'), stop('max_tokens'), figures(USAGE)]);
    expect(chunks[0]).toEqual({
      id: 'request-1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'us.anthropic.claude-sonnet-4-5',
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
    });
    const spoken = chunks.slice(0, -1);
    expect(deltas(spoken)).toEqual([{ role: 'assistant', content: '' }, { content: 'Hel' }, { content: 'lo' }, {}]);
    expect(reasons(spoken)).toEqual([null, null, null, 'length']);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 9 } });
    expect(decoder).toMatchObject({ isOver: true, isTerminated: true, hasContent: true, failure: undefined });
    expect(decoder.text()).toBe('Hello');
  });

  it('says what it says to a client of Amazon', async () => {
    await fc.assert(
      fc.asyncProperty(anyStream, async (events) => {
        const expected = await readStream(
          amazonClient,
          Buffer.concat(events.map((event) => frame(event))),
          'application/vnd.amazon.eventstream',
        );
        const { chunks } = read(events);
        const sent = Buffer.concat([...chunks.map(encodeChunk), Buffer.from('data: [DONE]\n\n')]);
        expect(await readStream(gatewayClient, sent)).toEqual(expected);
      }),
    );
  });

  it('says the same wherever its bytes are cut', () => {
    fc.assert(
      fc.property(anyStream, fc.array(fc.nat(), { maxLength: 20 }), (events, places) => {
        const bytes = Buffer.concat(events.map((event) => frame(event)));
        const cuts = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const whole = decode([bytes]);
        const cut = decode(cuts.map((to, at) => bytes.subarray(cuts[at - 1] ?? 0, to)));
        expect(cut.chunks).toEqual(whole.chunks);
        expect(cut.decoder).toMatchObject({ isOver: true, usage: whole.decoder.usage, malformedEvents: 0 });
      }),
    );
  });

  it.each([
    ['the figures first', [figures(USAGE), stop('tool_use')], true],
    ['the figures last', [stop('tool_use'), figures(USAGE)], true],
    ['no figures at all', [stop('tool_use')], false],
  ])('ends with %s, also without a beginning', (_, ending, isOver) => {
    const { decoder, chunks } = read([...call(0, 'f', '{}'), ...ending]);
    expect(decoder).toMatchObject({ isTerminated: true, isOver, hasContent: true });
    expect(reasons(chunks)).toContain('tool_calls');
    expect(deltas(chunks)[0]).toMatchObject({ role: 'assistant' });
  });

  it('that is cut before its reason has not ended', () => {
    const bytes = Buffer.concat([start, ...texts(0, 'Hel'), stop('end_turn')].map((event) => frame(event)));
    for (let length = 0; length < bytes.length; length += 1)
      expect(decode([bytes.subarray(0, length)]).decoder).toMatchObject({ isTerminated: false, isOver: false });
  });

  it('gives each call an index, its id and name once, and arguments even where there are none', () => {
    const { chunks } = read([
      start,
      ...texts(0, 'Well'),
      ...call(1, 'f', '{"a"', ':1}'),
      ...call(2, 'g'),
      stop('tool_use'),
    ]);
    const calls = deltas(chunks).flatMap(({ tool_calls: given }) => given ?? []);
    expect(calls).toEqual([
      { index: 0, id: 't1', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"a"' } },
      { index: 0, function: { arguments: ':1}' } },
      { index: 1, id: 't2', type: 'function', function: { name: 'g', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ]);
  });

  it('leaves out the tools that run at Amazon, and what nobody knows yet', () => {
    const { decoder, chunks } = read([
      { ofTomorrow: { text: 'x' } },
      { contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { type: 'server_tool_use', name: 'search' } } } },
      ...block(0, { toolUse: { input: '{}' } }, { ofTomorrow: 'y' }),
      ...texts(1, 'Found'),
      stop('end_turn'),
    ]);
    expect(joined(chunks, 'content')).toBe('Found');
    expect(JSON.stringify(chunks)).not.toContain('tool_calls');
    expect(decoder).toMatchObject({ malformedEvents: 0, failure: undefined });
  });

  it('keeps thoughts, with what the model needs to know them again', () => {
    const thought = block(0, { reasoningContent: { text: 'Hm' } }, { reasoningContent: { signature: 'signed' } });
    const sealed = block(
      1,
      { reasoningContent: { redactedContent: 'YWI=' } },
      { reasoningContent: { redactedContent: 'Yw==' } },
    );
    const { chunks } = read([start, ...thought, ...sealed, ...texts(2, 'Yes'), stop('end_turn')]);
    const format = 'anthropic-claude-v1';
    expect(joined(chunks, 'reasoning_content')).toBe('Hm');
    expect(deltas(chunks).flatMap(({ reasoning_details: details }) => details ?? [])).toEqual([
      { type: 'reasoning.text', text: 'Hm', format, index: 0 },
      { type: 'reasoning.text', signature: 'signed', format, index: 0 },
      { type: 'reasoning.encrypted', data: Buffer.from('abc').toString('base64'), format, index: 1 },
    ]);
    const hidden = read([start, ...thought, ...sealed, stop('end_turn')], { reasoning: { exclude: true } });
    expect(JSON.stringify(hidden.chunks)).not.toContain('reasoning');
  });

  it('says where cited text comes from', () => {
    const citation = { title: 'A page', location: { web: { url: 'https://a.example' } } };
    const inDocument = { title: 'Mine', location: { documentChar: { documentIndex: 0 } } };
    const cited = block(1, { text: 'cited' }, { citation }, { citation: inDocument });
    const { chunks } = read([start, ...texts(0, 'Is '), ...cited, stop('end_turn')]);
    expect(deltas(chunks).flatMap(({ annotations }) => annotations ?? [])).toEqual([
      {
        type: 'url_citation',
        url_citation: { start_index: 3, end_index: 8, url: 'https://a.example', title: 'A page' },
      },
    ]);
  });
});

describe('an answer that is to be JSON', () => {
  const request = { response_format: { type: 'json_object' } };

  it('is what the tool for it is called with, without what led up to it', () => {
    const { chunks } = read(
      [start, ...texts(0, 'Here:'), ...call(1, 'json', '{"a":', '1}'), stop('tool_use')],
      request,
    );
    expect(joined(chunks, 'content')).toBe('{"a":1}');
    expect(reasons(chunks).at(-1)).toBe('stop');
    expect(JSON.stringify(chunks)).not.toContain('tool_calls');
  });

  it('is what the model said where it did not call it', () => {
    const { chunks } = read([start, ...texts(0, '{"a"', ':1}'), stop('end_turn')], request);
    expect(joined(chunks, 'content')).toBe('{"a":1}');
  });

  it('may come after other calls', () => {
    const events = [
      start,
      ...call(0, 'f', '{}'),
      ...call(1, 'json', '{}'),
      ...call(2, 'json', '{"b":2}'),
      stop('tool_use'),
    ];
    const { chunks } = read(events, request);
    expect(joined(chunks, 'content')).toBe('{}');
    expect(reasons(chunks).at(-1)).toBe('tool_calls');
  });
});

describe('a stream of Converse that fails', () => {
  const begun = [start, delta(0, { text: 'Hel' })].map((event) => frame(event));

  it.each([
    ['an exception', exception('throttlingException', '{"message":"Too many requests."}'), 'throttlingException'],
    [
      'an exception as an event',
      frame({ internalServerException: { message: 'Too many requests.' } }),
      'internalServerException',
    ],
    [
      "an error of Amazon's own",
      message({ ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'Too many requests.' }, ''),
      'InternalError',
    ],
  ])('says so by %s', (_, bytes, type) => {
    const { decoder, chunks } = decode([...begun, bytes]);
    expect(joined(chunks, 'content')).toBe('Hel');
    expect(decoder.failure).toEqual({ message: 'Too many requests.', type, code: null, param: null });
    expect(decoder).toMatchObject({ isTerminated: false, isOver: false });
  });

  it('keeps what came before a broken message, and nothing behind it', () => {
    const broken = Buffer.from(frame(delta(0, { text: 'lo' })));
    broken.writeUInt8(0, broken.length - 1);
    const { decoder, chunks } = decode([Buffer.concat([...begun, broken, ...begun])]);
    expect(joined(chunks, 'content')).toBe('Hel');
    expect(decoder.failure?.message).toBe('amazon-bedrock sent a broken event stream.');
  });

  it.each(['malformed_tool_use', 'malformed_model_output'])('has failed with %s', (reason) => {
    const { decoder } = read([start, ...texts(0, 'x'), stop(reason), figures(USAGE)]);
    expect(decoder).toMatchObject({ failure: { type: reason }, isTerminated: false });
  });

  it('counts what is no JSON, and goes on', () => {
    const unreadable = message({ ':event-type': 'contentBlockDelta', ':message-type': 'event' }, '{');
    const { decoder, chunks } = decode([...begun, unreadable, frame(end(0)), frame(stop('end_turn'))]);
    expect(decoder).toMatchObject({ malformedEvents: 1, isTerminated: true, failure: undefined });
    expect(joined(chunks, 'content')).toBe('Hel');
  });

  it.each<[string, JsonObject]>([
    ['content_filtered', { finish_reason: 'content_filter' }],
    ['guardrail_intervened', { finish_reason: 'content_filter' }],
    ['model_context_window_exceeded', { finish_reason: 'length' }],
    ['stop_sequence', { finish_reason: 'stop' }],
    ['of_tomorrow', { finish_reason: 'stop' }],
  ])('has not failed with %s', (reason, expected) => {
    const { decoder, chunks } = read([start, ...texts(0, 'x'), stop(reason)]);
    expect((chunks.at(-1)?.['choices'] as JsonObject[])[0]).toMatchObject(expected);
    expect(decoder.failure).toBeUndefined();
  });
});
