import { digestOf, doubtsAbout, type Edition } from './edition.js';

const models = (count: number): Edition =>
  new Map(Array.from({ length: count }, (_, index) => [`m${index}`, [1, 2]] as const));
const priced = (...prices: number[]): Edition => new Map([['m', prices]]);

describe('the next edition of a list', () => {
  it.each([
    [10, 8, []],
    [10, 7, ['Models: 7 instead of 10.']],
    [10, 0, ['Models: 0 instead of 10.']],
    [1, 30, []],
    [0, 0, []],
  ])('is doubted when %i models become %i: %j', (before, after, doubts) => {
    expect(doubtsAbout(models(after), models(before))).toEqual(doubts);
  });

  it.each([
    [[1, 2], [10, 2], false],
    [[1, 2], [10.1, 2], true],
    [[1, 2], [1, 0.19], true],
    [[1, 2], [0, 2], true],
    [[0, 2], [50, 2], false],
    [[], [50], false],
    [[1], [], false],
  ])('is doubted when prices of %j become %j: %s', (before, after, isDoubted) => {
    expect(doubtsAbout(priced(...after), priced(...before)).length > 0).toBe(isDoubted);
  });

  it('says which prices moved, and everything else that is odd', () => {
    const before = new Map([...models(10), ['a', [1]], ['b', [1]]] as const);
    const after = new Map([
      ['a', [1000]],
      ['b', [1e6]],
    ] as const);
    expect(doubtsAbout(after, before)).toEqual([
      'Models: 2 instead of 12.',
      'The price of a and 1 more moved by more than 10 times.',
    ]);
  });

  it('is the same in another order, and another one with another price', () => {
    const one = new Map([['a', [1]] as const, ['b', [2]] as const]);
    const turned = new Map([['b', [2]] as const, ['a', [1]] as const]);
    expect(digestOf(one)).toBe(digestOf(turned));
    expect(digestOf(one)).not.toBe(digestOf(new Map([['a', [1]] as const, ['b', [3]] as const])));
  });
});
