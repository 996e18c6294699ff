import * as fc from 'fast-check';
import { formatDollars, parseDollars, toApproximateDollars } from './nano-dollars.js';

describe('money', () => {
  it('comes back from text as it went', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        (amount) => parseDollars(formatDollars(amount)) === amount,
      ),
    );
  });

  it('is written with nine places', () => {
    expect(formatDollars(1_234_500_000n)).toBe('1.234500000');
    expect(formatDollars(-1n)).toBe('-0.000000001');
  });

  it.each(['', '1.', '.5', '1e3', '1.0000000001', 'NaN', ' 1'])('refuses %p', (text) => {
    expect(() => parseDollars(text)).toThrow(RangeError);
  });

  it('is shown as a number only for people', () => {
    expect(toApproximateDollars(2_500_000n)).toBe(0.0025);
  });
});
