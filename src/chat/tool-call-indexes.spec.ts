import { ToolCallIndexes } from './tool-call-indexes.js';

const open = (index: number | undefined, id: string | undefined, name: string) => ({
  ...(index !== undefined && { index }),
  ...(id !== undefined && { id }),
  type: 'function',
  function: { name, arguments: '' },
});

describe('tool calls of a stream', () => {
  it('are left alone when they are as they should be', () => {
    const indexes = new ToolCallIndexes();
    const fragments = [open(0, 'a', 'f'), { index: 0, function: { arguments: '{' } }, open(1, 'b', 'g')];
    for (const fragment of fragments) expect(indexes.rewrite(fragment)).toBe(fragment);
  });

  it('get indexes of their own when a provider gives them the same one', () => {
    const indexes = new ToolCallIndexes();
    expect(indexes.rewrite(open(0, 'a', 'f'))).toMatchObject({ index: 0, id: 'a' });
    expect(indexes.rewrite(open(0, 'b', 'g'))).toMatchObject({ index: 1, id: 'b' });
    expect(indexes.rewrite({ index: 0, id: 'a', function: { arguments: '1' } })).toEqual({
      index: 0,
      function: { arguments: '1' },
    });
    expect(indexes.rewrite({ index: 0, function: { arguments: '2' } })).toEqual({
      index: 1,
      function: { arguments: '2' },
    });
  });

  it('carry id and name only in their first fragment', () => {
    const indexes = new ToolCallIndexes();
    indexes.rewrite(open(0, 'a', 'f'));
    const repeated = { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    expect(indexes.rewrite(repeated)).toEqual({ index: 0, function: { arguments: '{}' } });
  });

  it('are told apart by their names when a provider sends neither index nor id', () => {
    const indexes = new ToolCallIndexes();
    const first = indexes.rewrite(open(undefined, undefined, 'f'));
    expect(first).toMatchObject({ index: 0, id: expect.stringMatching(/^call_/) as string });
    expect(indexes.rewrite({ function: { arguments: 'x' } })).toEqual({ index: 0, function: { arguments: 'x' } });
    expect(indexes.rewrite(open(undefined, undefined, 'f'))).toMatchObject({ index: 1 });
  });
});
