import { valueFor } from './schema-value.js';

describe('a value for a schema', () => {
  it.each([
    ['a reference', { $ref: '#/$defs/name', $defs: { name: { type: 'string', maxLength: 4 } } }, 'simu'],
    ['a choice', { anyOf: [{ type: 'integer', exclusiveMinimum: 4 }, { type: 'null' }] }, 5],
    ['a nullable type', { type: ['null', 'boolean'] }, true],
    ['bounds and steps', { type: 'number', minimum: 7, multipleOf: 5 }, 10],
    ['a constant', { const: { fixed: 1 } }, { fixed: 1 }],
    ['a list', { type: 'array', items: { enum: ['a', 'b'] }, minItems: 2 }, ['a', 'a']],
    ['a union', { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] }, { a: 1, b: 2 }],
    ['a format', { type: 'string', format: 'date' }, '2026-01-01'],
    ['no schema', undefined, {}],
  ])('satisfies %s', (_what, schema, value) => {
    expect(valueFor(schema)).toEqual(value);
  });

  it('ends in a schema that contains itself', () => {
    const node = { type: 'object', properties: { next: { $ref: '#' }, name: { type: 'string' } }, required: ['name'] };
    expect(JSON.stringify(valueFor(node)).length).toBeLessThan(1000);
  });
});
