import { RetryBudget } from './retry-budget.js';

describe('the retry budget', () => {
  let now = 0;
  const budget = () => new RetryBudget({ share: 0.2, perSecond: 10 }, () => now);
  const drain = (one: RetryBudget) => {
    let count = 0;
    while (one.withdraw()) count += 1;
    return count;
  };

  it('lets a quiet gateway go through a whole chain at once', () => {
    expect(drain(budget())).toBe(100);
  });

  it('allows a share of the first attempts, and a few each second', () => {
    const one = budget();
    drain(one);
    for (let calls = 0; calls < 51; calls += 1) one.deposit();
    expect(drain(one)).toBe(10);
    now += 500;
    expect(drain(one)).toBe(5);
  });

  it('saves up no more than a burst', () => {
    const one = budget();
    now += 3_600_000;
    for (let calls = 0; calls < 10_000; calls += 1) one.deposit();
    expect(drain(one)).toBe(100);
  });
});
