import {
  block,
  deltas,
  ended,
  input,
  joined,
  read,
  reasons,
  start,
  stop,
  texts,
} from '../../../../test/support/anthropic-events.js';

describe('a stream of Anthropic that is to be JSON', () => {
  const json = { response_format: { type: 'json_object' } };
  const answer = (index: number, ...pieces: string[]) =>
    block(index, { type: 'tool_use', id: 'a', name: 'json', input: {} }, ...input(...pieces));

  it('has the answer as its content, and nothing that leads up to it', () => {
    const { chunks } = read(
      [start(), ...texts(0, 'Here:'), ...answer(1, '{"x":', '1}'), ended('tool_use'), stop],
      json,
    );
    expect(deltas(chunks).slice(1)).toEqual([{ content: '{"x":' }, { content: '1}' }, {}]);
    expect(reasons(chunks).at(-1)).toBe('stop');
  });

  it('has one answer', () => {
    const { chunks } = read([start(), ...answer(0, '{}'), ...answer(1, '{"x":1}'), ended('tool_use'), stop], json);
    expect(joined(chunks, 'content')).toBe('{}');
  });

  it('has its text as its content where no tool was called', () => {
    const { chunks } = read([start(), ...texts(0, '{"x"', ':1}'), ended('end_turn'), stop], json);
    expect(deltas(chunks).slice(1)).toEqual([{ content: '{"x":1}' }, {}]);
  });

  it('may call other tools first', () => {
    const other = block(0, { type: 'tool_use', id: 'b', name: 'f', input: {} });
    const { chunks } = read([start(), ...other, ended('tool_use'), stop], json);
    expect(reasons(chunks).at(-1)).toBe('tool_calls');
  });
});
