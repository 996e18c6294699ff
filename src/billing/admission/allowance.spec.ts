import * as fc from 'fast-check';
import { aCaller } from '../../../test/support/caller.js';
import { costOfOutput, type AdmissionRequest } from './admission-request.js';
import { allowance } from './allowance.js';

const CALLER = aCaller();

const REQUESTS: fc.Arbitrary<AdmissionRequest> = fc.record({
  requestId: fc.constant('request'),
  caller: fc.constant(CALLER),
  inputTokens: fc.nat(100_000),
  outputTokens: fc.nat(100_000),
  isOpenEnded: fc.boolean(),
  inputCost: fc.bigInt({ min: 0n, max: 10n ** 10n }),
  outputPrice: fc.bigInt({ min: 0n, max: 10n ** 9n }),
});

const MONEY = fc.option(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 13n }), { nil: undefined });
const TOKENS = fc.option(fc.nat(300_000), { nil: undefined });

describe('what a call may use', () => {
  it('never costs more than is left, uses more tokens than are left, or exceeds what was asked for', () => {
    fc.assert(
      fc.property(REQUESTS, fc.record({ credits: MONEY, budgetLeft: MONEY, tokens: TOKENS }), (request, left) => {
        const { credits, budgetLeft, tokens } = left;
        const budget = budgetLeft === undefined ? undefined : { left: budgetLeft, period: 'day' as const };
        const allowed = allowance(request, { tokens, credits, budget });
        if ('shortOf' in allowed) return true;
        const cost = costOfOutput(request, allowed.outputTokens);
        return (
          allowed.outputTokens <= request.outputTokens &&
          (credits === undefined || cost <= credits) &&
          (budgetLeft === undefined || cost <= budgetLeft) &&
          (tokens === undefined || request.inputTokens + allowed.outputTokens <= tokens)
        );
      }),
    );
  });

  it('is all that was asked for when everything is without limit', () => {
    fc.assert(
      fc.property(REQUESTS, (request) => {
        const allowed = allowance(request, { tokens: undefined, credits: undefined, budget: undefined });
        expect(allowed).toEqual({ outputTokens: request.outputTokens });
      }),
    );
  });

  it('names what it is short of when next to nothing is left', () => {
    const request = { requestId: 'r', caller: CALLER, inputTokens: 10, outputTokens: 1000, isOpenEnded: false };
    const priced = { ...request, inputCost: 1000n, outputPrice: 1_000_000n };
    const plenty = { tokens: 1_000_000, credits: 10n ** 12n, budget: { left: 10n ** 12n, period: 'day' as const } };
    expect(allowance(priced, { ...plenty, credits: 1000n })).toEqual({ shortOf: 'credits' });
    expect(allowance(priced, { ...plenty, tokens: 50 })).toEqual({ shortOf: 'tokens' });
    expect(allowance(priced, { ...plenty, budget: { left: 0n, period: 'day' } })).toEqual({ shortOf: 'budget' });
    expect(allowance(priced, { ...plenty, credits: 501_000n })).toEqual({ outputTokens: 500 });
  });
});
