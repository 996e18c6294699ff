import * as fc from 'fast-check';
import { addUp, bucketsOf, quantileOf, NO_CALLS } from './tally.js';

const ofLatencies = (milliseconds: number[]) => ({ ...NO_CALLS, latencies: bucketsOf(milliseconds) });

describe('a tally', () => {
  it('knows quantiles to a quarter, however many gateways it is from', () => {
    // The first bucket, up to ten milliseconds, has no bound below it.
    const latency = fc.integer({ min: 11, max: 200_000 });
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), fc.nat(), (all, cut) => {
        const split = cut % (all.length + 1);
        const merged = addUp([ofLatencies(all.slice(0, split)), ofLatencies(all.slice(split))]);
        const sorted = all.toSorted((a, b) => a - b);
        for (const share of [0.5, 0.95]) {
          const exact = sorted[Math.ceil(share * all.length) - 1] ?? 0;
          const found = quantileOf(merged, share, 1) ?? 0;
          expect(found).toBeGreaterThanOrEqual(exact / 1.26);
          expect(found).toBeLessThanOrEqual(exact * 1.26);
        }
      }),
    );
  });

  it('says nothing where there is too little, and its last bound where all is beyond', () => {
    expect(quantileOf(ofLatencies([5, 5]), 0.5, 3)).toBeUndefined();
    expect(quantileOf(NO_CALLS, 0.5, 1)).toBeUndefined();
    expect(quantileOf(ofLatencies([1e9]), 0.5, 1)).toBeGreaterThan(200_000);
  });

  it('adds up counts', () => {
    const one = { attempts: 3, answered: 2, latencies: [], dayAttempts: 9, dayAnswered: 8 };
    expect(addUp([one, one])).toMatchObject({ attempts: 6, answered: 4, dayAttempts: 18, dayAnswered: 16 });
  });
});
