import * as fc from 'fast-check';
import { MinuteWindow, SLOT_MS } from './minute-window.js';

const MINUTE_MS = 60_000;
const START = 1_700_000_000_000;

interface Try {
  readonly afterMs: number;
  readonly amount: number;
}

/** What gets through of a series of tries, each as soon as it comes. */
function letThrough(limit: number, tries: readonly Try[]): { at: number; amount: number }[] {
  const window = new MinuteWindow();
  let now = START;
  return tries.flatMap(({ afterMs, amount }) => {
    now += afterMs;
    if (window.remaining(limit, now) < amount) return [];
    window.add(amount, now);
    return [{ at: now, amount }];
  });
}

const TRIES = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 9_000 }), amount: fc.integer({ min: 1, max: 9 }) }),
  {
    maxLength: 200,
  },
);

describe('a minute window', () => {
  it('lets no more than its limit through in any minute, wherever it begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), TRIES, (limit, tries) => {
        const passed = letThrough(limit, tries);
        return passed.every(({ at: begin }) => {
          const inMinute = passed.filter(({ at }) => at >= begin && at < begin + MINUTE_MS);
          return inMinute.reduce((sum, { amount }) => sum + amount, 0) <= limit;
        });
      }),
    );
  });

  it('lets at least 99 % of its limit through when it is asked all the time', () => {
    const everyTenth = Array.from({ length: 10 * 60 * 10 }, () => ({ afterMs: 100, amount: 1 }));
    const passed = letThrough(300, everyTenth);
    expect(passed.length).toBeGreaterThanOrEqual(300 * 10 * 0.99);
  });

  it('says when there is room again, and there is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), TRIES, (limit, tries) => {
        const window = new MinuteWindow();
        let now = START;
        for (const { afterMs, amount } of tries) {
          now += afterMs;
          if (window.remaining(limit, now) >= amount) window.add(amount, now);
        }
        const wait = window.freeAfterMs(5, limit, now) ?? Number.NaN;
        const isFreeThen = window.remaining(limit, now + wait) >= 5;

        return wait >= 0 && wait <= MINUTE_MS + SLOT_MS && isFreeThen;
      }),
    );
  });

  it('says that more than the whole limit never gets room', () => {
    expect(new MinuteWindow().freeAfterMs(11, 10, START)).toBeUndefined();
  });

  it('gives back what was set aside too much, and takes what was too little', () => {
    const window = new MinuteWindow();
    window.add(80, START);
    window.correct(Math.floor(START / SLOT_MS), -50);
    expect(window.remaining(100, START + 1_000)).toBe(70);
    window.correct(Math.floor(START / SLOT_MS), 100);
    expect(window.remaining(100, START + 1_000)).toBe(0);
    expect(window.remaining(100, START + MINUTE_MS + SLOT_MS)).toBe(100);
    window.correct(Math.floor(START / SLOT_MS), 5);
    expect(window.remaining(100, START + MINUTE_MS + SLOT_MS)).toBe(100);
  });
});
