import { KeySeal, UnreadableKeyError } from './sealed-key.js';

const OWNER = { userId: 'u1', providerId: 'openai' };
const seal = new KeySeal('a secret of more than thirty-two characters');

describe('a sealed key', () => {
  it('can be opened again, and shows nothing of the key', () => {
    const sealed = seal.seal('sk-very-secret', OWNER);
    expect(sealed).not.toContain('secret');
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('sk-very');
    expect(seal.open(sealed, OWNER)).toBe('sk-very-secret');
    expect(seal.seal('sk-very-secret', OWNER)).not.toBe(sealed);
  });

  it.each([
    ['another user', seal, { ...OWNER, userId: 'u2' }],
    ['another provider', seal, { ...OWNER, providerId: 'groq' }],
    ['another secret', new KeySeal('another secret of more than thirty-two characters'), OWNER],
  ])('cannot be opened for %s', (_, other, owner) => {
    expect(() => other.open(seal.seal('sk', OWNER), owner)).toThrow(UnreadableKeyError);
  });

  it.each(['', 'v1', 'v1.', 'v2.aaaa', 'v1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])('refuses %p', (text) => {
    expect(() => seal.open(text, OWNER)).toThrow(UnreadableKeyError);
  });
});
