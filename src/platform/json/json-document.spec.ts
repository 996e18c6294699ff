import * as fc from 'fast-check';
import { JsonDocument, NotAJsonObjectError } from './json-document.js';

const parse = (text: string) => JsonDocument.parse(Buffer.from(text));

describe('JsonDocument', () => {
  it('replaces a member and leaves every other byte as it came', () => {
    const document = parse(
      '{ "model" : "openai/gpt-5",\n "messages":[{"role":"user","content":"\\u00e9 \\" }"}] , "n":1e0 }',
    );
    expect(document.bytesWith({ model: 'gpt-5' }).toString()).toBe(
      '{"model":"gpt-5","messages":[{"role":"user","content":"\\u00e9 \\" }"}] , "n":1e0}',
    );
  });

  it.each([
    ['{"a":1}', { a: undefined }, {}],
    ['{}', { a: 1 }, { a: 1 }],
    ['{"a":1,"b":2,"c":3}', { b: undefined, c: undefined }, { a: 1 }],
    ['{"a":1,"b":2,"c":3}', { a: undefined, d: [1] }, { b: 2, c: 3, d: [1] }],
  ])('%s with %p', (text, changes, expected) => {
    expect(JSON.parse(parse(text).bytesWith(changes).toString())).toEqual(expected);
  });

  it.each(['{"model":"cheap","model":"dear"}', '{"mod\\u0065l":"dear"}', '{"model":"cheap","mod\\u0065l":"dear"}'])(
    'leaves no second reading of %s',
    (text) => {
      const bytes = parse(text).bytesWith({ model: 'mine' }).toString();
      expect(bytes).toBe('{"model":"mine"}');
    },
  );

  it('says the same as encoding anew, for any JSON', () => {
    const anyObject = fc.dictionary(fc.string(), fc.jsonValue());
    const anySpace = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(anyObject, anyObject, anySpace, (value, changes, space) => {
        const plain = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        const bytes = parse(JSON.stringify(plain, null, space)).bytesWith(changes);
        expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(JSON.stringify({ ...plain, ...changes })));
      }),
    );
  });

  it.each(['', '[]', 'null', '"text"', '{"a":}', '{"a":1}x'])('refuses %p', (text) => {
    expect(() => parse(text)).toThrow(NotAJsonObjectError);
  });
});
