import { REMEMBERED_MS, stillWorth, type Remembered } from './last-known.js';

const NOW = 1_000 * REMEMBERED_MS;

function found(ageMs: number, errorRate: number | undefined): Remembered {
  const isAvailable = errorRate === undefined ? undefined : true;
  const measured = { isAvailable, errorRate, latencyP50Ms: undefined, latencyP95Ms: undefined, score: undefined };
  return { measured, checkedAt: NOW - ageMs };
}

describe('what is remembered of health', () => {
  it('is what was known, and not long ago', () => {
    const providers = new Map([
      ['fresh', found(REMEMBERED_MS - 1, 0.1)],
      ['old', found(REMEMBERED_MS, 0.1)],
      ['unknown', found(0, undefined)],
    ]);
    const offers = [...providers].map(([providerId, one]) => ({ ...one, providerId, modelId: 'm' }));
    const worth = stillWorth({ providers, offers }, NOW);
    expect([...worth.providers.keys()]).toEqual(['fresh']);
    expect(worth.offers.map(({ providerId }) => providerId)).toEqual(['fresh']);
  });
});
