import * as fc from 'fast-check';
import {
  block,
  decode,
  deltas,
  ended,
  frame,
  input,
  joined,
  read,
  reasons,
  start,
  stop,
  texts,
} from '../../../../test/support/anthropic-events.js';

describe('a stream of Anthropic', () => {
  it('begins with the role and ends with the reason and the usage', () => {
    const { decoder, chunks } = read([start(), { type: 'ping' }, ...texts(0, 'Hel', 'lo'), ended('max_tokens'), stop]);
    expect(chunks[0]).toEqual({
      id: 'msg_1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'claude-x',
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
    });
    expect(deltas(chunks)).toEqual([{ role: 'assistant', content: '' }, { content: 'Hel' }, { content: 'lo' }, {}]);
    expect(reasons(chunks)).toEqual([null, null, null, 'length']);
    expect(chunks.at(-1)).toMatchObject({ usage: { prompt_tokens: 5, completion_tokens: 9 } });
    expect(decoder).toMatchObject({ isOver: true, isTerminated: true, hasContent: true, failure: undefined });
    expect(decoder.text()).toBe('Hello');
  });

  const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
  /** A block, made once its place is known, and what of it is content. */
  const anyBlock = fc.oneof(
    fc.array(anyText).map((said) => ({ content: said.join(''), make: (at: number) => texts(at, ...said) })),
    fc.tuple(anyText, anyText).map(([thinking, signature]) => ({
      content: '',
      make: (at: number) =>
        block(
          at,
          { type: 'thinking', thinking: '' },
          { type: 'thinking_delta', thinking },
          { type: 'signature_delta', signature },
        ),
    })),
    fc.array(anyText).map((pieces) => ({
      content: '',
      make: (at: number) => block(at, { type: 'tool_use', id: `t${at}`, name: 'f', input: {} }, ...input(...pieces)),
    })),
    fc.constant({
      content: '',
      make: (at: number) => block(at, { type: 'of tomorrow' }, { type: 'text_of_tomorrow', text: 'content' }),
    }),
  );

  it('says the same wherever its bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(anyBlock, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 20 }), (blocks, places) => {
        const events = [start(), ...blocks.flatMap(({ make }, at) => make(at)), ended('end_turn'), stop];
        const bytes = Buffer.from(events.map(frame).join(''));
        const at = [0, ...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        const [whole, cut] = [decode([bytes]), decode(pieces)];
        expect(cut.chunks).toEqual(whole.chunks);
        expect(cut.decoder.text()).toBe(whole.decoder.text());
        expect(joined(cut.chunks, 'content')).toBe(blocks.map(({ content }) => content).join(''));
      }),
      { numRuns: 200 },
    );
  });

  it('counts the calls of tools itself, and calls those without parameters with nothing', () => {
    const { chunks } = read([
      start(),
      ...texts(0, 'Let me see.'),
      ...block(1, { type: 'tool_use', id: 'a', name: 'f', input: {} }, ...input('', '{"x":', '1}')),
      ...block(2, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, ...input('{"query":"x"}')),
      ...block(3, { type: 'tool_use', id: 'b', name: 'g', input: {} }, ...input('')),
      ...block(4, { type: 'tool_use', id: 'c', name: 'h', input: { y: 2 } }),
      ended('tool_use'),
      stop,
    ]);
    expect(deltas(chunks).flatMap(({ tool_calls: calls }) => calls ?? [])).toEqual([
      { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"x":' } },
      { index: 0, function: { arguments: '1}' } },
      { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
      { index: 2, id: 'c', type: 'function', function: { name: 'h', arguments: '' } },
      { index: 2, function: { arguments: '{"y":2}' } },
    ]);
    expect(reasons(chunks).at(-1)).toBe('tool_calls');
  });

  it('may have calls in its very beginning, which code made', () => {
    const { chunks } = read([
      start({ content: [{ type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } }] }),
      ended('tool_use'),
      stop,
    ]);
    expect(deltas(chunks).slice(1, 3)).toEqual([
      { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"x":1}' } }] },
    ]);
  });

  const thoughts = [
    ...block(
      0,
      { type: 'thinking', thinking: '' },
      { type: 'thinking_delta', thinking: 'Hm.' },
      { type: 'signature_delta', signature: 'sig' },
    ),
    ...block(1, { type: 'redacted_thinking', data: 'secret' }),
    ...texts(2, 'Yes.'),
  ];

  it('thinks aloud, and signs', () => {
    const { chunks } = read([start(), ...thoughts, ended('end_turn'), stop]);
    const format = 'anthropic-claude-v1';
    expect(deltas(chunks).slice(1, -1)).toEqual([
      { reasoning_content: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', format, index: 0 }] },
      { reasoning_details: [{ type: 'reasoning.text', signature: 'sig', format, index: 0 }] },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'secret', format, index: 1 }] },
      { content: 'Yes.' },
    ]);
  });

  it('thinks in silence when asked to', () => {
    const { chunks } = read([start(), ...thoughts, ended('end_turn'), stop], { include_reasoning: false });
    expect(deltas(chunks).slice(1, -1)).toEqual([{ content: 'Yes.' }]);
  });

  it('says which of its text is from where', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.example', title: 'A', cited_text: 'x' };
    const { chunks } = read([
      start(),
      ...thoughts,
      ...texts(3, ' It', ' is '),
      ...block(
        4,
        { type: 'text', text: '' },
        { type: 'citations_delta', citation },
        { type: 'text_delta', text: 'sun' },
        { type: 'text_delta', text: 'ny' },
      ),
      ...block(5, { type: 'text', text: '' }, { type: 'citations_delta', citation: { type: 'page_location' } }),
      ended('end_turn'),
      stop,
    ]);
    const content = joined(chunks, 'content');
    const given = deltas(chunks).filter((delta) => 'annotations' in delta);
    expect(given).toEqual([
      {
        annotations: [
          {
            type: 'url_citation',
            url_citation: {
              start_index: content.indexOf('sunny'),
              end_index: content.length,
              url: 'https://a.example',
              title: 'A',
            },
          },
        ],
      },
    ]);
  });

  it('has summaries of what was said before as its text, in pieces or at once', () => {
    const { chunks } = read([
      start(),
      ...block(0, { type: 'compaction', content: null }, { type: 'compaction_delta', content: 'Before: ' }),
      ...block(1, { type: 'compaction', content: 'hello', signature: 's' }),
      ended('compaction'),
      stop,
    ]);
    expect(joined(chunks, 'content')).toBe('Before: hello');
  });

  it('tells why it was refused', () => {
    const refused = { type: 'message_delta', delta: { stop_reason: 'refusal', stop_details: { explanation: 'No.' } } };
    const { chunks } = read([start(), ...texts(0, 'Well'), refused, stop]);
    expect(deltas(chunks).at(-2)).toEqual({ refusal: 'No.' });
    expect(reasons(chunks).at(-1)).toBe('content_filter');
  });
});

describe('a stream of Anthropic that goes wrong', () => {
  it('tells what failed', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    const { decoder } = read([start(), ...texts(0, 'Hel'), { type: 'error', error }]);
    expect(decoder.failure).toEqual({ ...error, code: null, param: null });
    expect(decoder.isTerminated).toBe(false);
  });

  it.each([
    ['after its text', []],
    ['after its reason, which may yet change', [ended('end_turn')]],
  ])('is cut %s', (_, more) => {
    expect(read([start(), ...texts(0, 'Hello'), ...more]).decoder.isTerminated).toBe(false);
  });

  it('has cost what was read, and about what was written, when it is given up', () => {
    const { decoder } = read([
      start({ usage: { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 1 } }),
      ...texts(0, 'Once', ' upon a time there was', ' a gateway'),
    ]);
    expect(decoder.usage).toMatchObject({ input: 5, cacheRead: 7, output: 9 });
  });

  it('believes the last figures', () => {
    const usage = { input_tokens: 50, cache_read_input_tokens: null, output_tokens: 9 };
    const started = start({ usage: { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 1 } });
    const { decoder } = read([started, ...texts(0, 'Hello'), ended('end_turn', usage), stop]);
    expect(decoder.usage).toMatchObject({ input: 50, cacheRead: 7, output: 9 });
  });

  it('is read all the same where events are unknown or make no sense', () => {
    const odd = [
      { type: 'constructor' },
      { type: 'content_block_start', index: 7 },
      { type: 'content_block_delta', index: 8, delta: { text: 'x' } },
      { type: 'content_block_delta', index: 0, delta: null },
      { type: 'content_block_stop', index: 9 },
    ];
    const { chunks } = read([...odd, ...texts(0, 'Hello'), ...odd, ended('end_turn'), stop]);
    expect(deltas(chunks)).toEqual([{ content: 'Hello' }, {}]);
  });
});
