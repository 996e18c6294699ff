import type { JsonObject } from '../../../platform/json/json-document.js';
import { nativeSchema } from './native-schema.js';

const object = (properties: JsonObject, more: JsonObject = {}) => ({ type: 'object', properties, ...more });
const named = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, { type: 'string' }]));

describe('a schema in the words that Anthropic takes', () => {
  it('closes objects, and tells in words what it refuses', () => {
    const schema = object(
      {
        when: { type: 'string', format: 'date' },
        where: { type: 'string', format: 'iri', pattern: '^a', description: 'A place' },
        list: { type: 'array', items: { oneOf: [{ $ref: '#/$defs/x' }, { type: 'null' }] }, minItems: 2 },
      },
      { $defs: { x: object({}) }, $schema: 'https://json-schema.org/draft/2020-12/schema', required: ['when'] },
    );
    expect(nativeSchema(schema)).toEqual({
      type: 'object',
      properties: {
        when: { type: 'string', format: 'date' },
        where: { type: 'string', description: 'A place\npattern: ^a, format: iri' },
        list: {
          type: 'array',
          items: { anyOf: [{ $ref: '#/$defs/x' }, { type: 'null' }] },
          description: 'minItems: 2',
        },
      },
      required: ['when'],
      additionalProperties: false,
      $defs: { x: { type: 'object', properties: {}, additionalProperties: false } },
    });
  });

  it.each<[string, JsonObject]>([
    ['an object open to any member', object({}, { additionalProperties: true })],
    ['a map', object({ map: { type: 'object', additionalProperties: { type: 'string' } } })],
    ['an object of which nothing is said', object({ any: { type: 'object' } })],
    ['one that leads back to itself', object({ next: { $ref: '#' } })],
    [
      'one that leads back by a detour',
      object(
        { a: { $ref: '#/$defs/a' } },
        { $defs: { a: object({ b: { $ref: '#/$defs/b' } }), b: { anyOf: [{ $ref: '#/$defs/a' }] } } },
      ),
    ],
    ['one that leads out', object({ a: { $ref: 'https://a.example/schema' } })],
    ['what has no words', object({ a: { not: { type: 'string' } } })],
    ['objects that add up', { allOf: [object({}), object({})] }],
    ['a member that may be anything', object({ a: true })],
    ['too many optional members', object(named(11))],
  ])('has no words for %s', (_, schema) => {
    expect(nativeSchema(schema)).toBeUndefined();
  });

  it('takes as many members as there are when they are required', () => {
    expect(nativeSchema(object(named(40), { required: Object.keys(named(40)) }))).toBeDefined();
  });

  it('does not follow what refers to itself twice as often at each step', () => {
    const $defs: JsonObject = { s60: { type: 'string' } };
    for (let at = 0; at < 60; at += 1) {
      const next = { $ref: `#/$defs/s${at + 1}` };
      $defs[`s${at}`] = object({ a: next, b: next }, { required: ['a', 'b'] });
    }
    expect(nativeSchema(object({ a: { $ref: '#/$defs/s0' } }, { $defs }))).toBeDefined();
  });
});
