import { BUDGET_PERIODS } from '../../auth/caller.js';
import {
  costOfOutput,
  type AdmissionRequest,
  type Decision,
  type RateFigures,
  type RefusalReason,
} from '../admission/admission-request.js';
import { budgetRenewalMs } from '../admission/local-key.js';

const REASONS: readonly RefusalReason[] = ['requests', 'tokens', 'concurrency', 'budget', 'credits'];

/** What the script `ADMIT` answered; undefined when it knows nothing of the user or the key. */
export function readDecision(answer: readonly string[], request: AdmissionRequest, now: number): Decision | undefined {
  const [verdict, first = '', second = '', third = '', ...figures] = answer;
  if (verdict === 'unknown') return undefined;
  const rates = readRates(figures.map(Number), request);
  if (verdict === 'ok') {
    const outputTokens = Number(first);
    return {
      lease: { request, outputTokens, hold: costOfOutput(request, outputTokens), slot: Number(third), rates },
    };
  }
  const reason = REASONS.find((known) => known === first) ?? 'credits';
  const period = BUDGET_PERIODS.find((known) => known === second);
  const retryAfterMs = period ? budgetRenewalMs(period, now) : Number(second);
  return { refusal: { reason, rates, retryAfterMs: (retryAfterMs ?? -1) < 0 ? undefined : retryAfterMs } };
}

function readRates(figures: readonly number[], { caller }: AdmissionRequest): RateFigures {
  const { requestsPerMinute, tokensPerMinute } = caller.limits;
  const [requests = 0, requestsResetMs = 0, tokens = 0, tokensResetMs = 0] = figures;
  return {
    ...(requestsPerMinute !== undefined && {
      requests: { limit: requestsPerMinute, remaining: requests, resetMs: requestsResetMs },
    }),
    ...(tokensPerMinute !== undefined && {
      tokens: { limit: tokensPerMinute, remaining: tokens, resetMs: tokensResetMs },
    }),
  };
}
