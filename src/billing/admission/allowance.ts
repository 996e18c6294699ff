import type { BudgetPeriod } from '../../auth/caller.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import { affordableOutput, leastOutput, type AdmissionRequest, type RefusalReason } from './admission-request.js';

/** What is left for a call at the moment; undefined is without limit. */
export interface Left {
  readonly tokens: number | undefined;
  readonly credits: NanoDollars | undefined;
  readonly budget: { readonly left: NanoDollars; readonly period: BudgetPeriod } | undefined;
}

export type Allowance = { readonly outputTokens: number } | { readonly shortOf: RefusalReason };

/**
 * How many tokens a call may write: what it asks for, or what its limits afford. A call that could say next to nothing
 * is refused instead. Pure.
 */
export function allowance(request: AdmissionRequest, { tokens, credits, budget }: Left): Allowance {
  let outputTokens = request.outputTokens;
  let shortOf: RefusalReason | undefined;
  const bound = (reason: RefusalReason, affordable: number): void => {
    if (affordable >= outputTokens) return;
    outputTokens = affordable;
    shortOf = reason;
  };
  if (tokens !== undefined) bound('tokens', tokens - request.inputTokens);
  if (budget !== undefined) bound('budget', affordableOutput(request, budget.left));
  if (credits !== undefined) bound('credits', affordableOutput(request, credits));
  return shortOf && outputTokens < leastOutput(request) ? { shortOf } : { outputTokens };
}
