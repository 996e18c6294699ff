import * as fc from 'fast-check';
import { createApiKey, hashApiKey, isApiKey } from './api-key-format.js';

describe('API keys', () => {
  it('are recognised, and each is another one', () => {
    const keys = Array.from({ length: 200 }, () => createApiKey('live'));
    expect(keys.every(isApiKey)).toBe(true);
    expect(new Set(keys).size).toBe(200);
    expect(createApiKey('test')).toMatch(/^gw_test_[0-9A-Za-z]{49}$/);
  });

  it('are refused unseen when one character is wrong', () => {
    const key = createApiKey('live');
    fc.assert(
      fc.property(fc.integer({ min: 8, max: key.length - 1 }), fc.constantFrom('0', 'z', '-'), (at, character) => {
        fc.pre(key[at] !== character);
        return !isApiKey(key.slice(0, at) + character + key.slice(at + 1));
      }),
    );
  });

  it('have another hash under another pepper', () => {
    const key = createApiKey('live');
    expect(hashApiKey(key, 'one')).not.toBe(hashApiKey(key, 'two'));
  });
});
