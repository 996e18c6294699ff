import { countPromptTokens, countTokens, fitToTokens, splitIntoTokens, truncateToTokens } from './tokens.js';
import { splitOddly } from './stream-writer.js';

describe('tokens', () => {
  it('are four bytes each', () => {
    expect([countTokens(''), countTokens('abcd'), countTokens('abcde'), countTokens('🙂')]).toEqual([0, 1, 2, 1]);
  });

  it('are cut where a character ends', () => {
    expect(truncateToTokens('ab🙂cd', 1)).toBe('ab');
  });

  it('fill a text to an exact number', () => {
    expect(countTokens(fitToTokens('Once more.', 321))).toBe(321);
  });

  it('make up the text again', () => {
    const text = 'Schnee heißt 雪 🙂.';
    expect(splitIntoTokens(text).join('')).toBe(text);
  });

  it('are fixed for images and sounds', () => {
    const content = [{ type: 'image_url' }, { type: 'input_audio' }, { type: 'text', text: 'abcd' }];
    expect(countPromptTokens([{ role: 'user', content }], [])).toBe(3 + 85 + 100 + 1);
  });
});

describe('odd pieces', () => {
  it('lose no byte', () => {
    const bytes = Buffer.from('data: 雪🙂\n\n'.repeat(9));
    expect(Buffer.concat(splitOddly(bytes)).equals(bytes)).toBe(true);
  });
});
