import { formatDollars } from '../platform/money/nano-dollars.js';
import { costOf } from '../catalog/price.js';
import type { JsonObject } from '../platform/json/json-document.js';
import { inputTokens, outputTokens } from '../providers/token-usage.js';
import type { Bill } from './bill.js';
import type { Attempt } from './attempt.js';
import type { CallAccount } from './call-account.js';
import { providerIdOf } from './routing/candidate.js';

/** What happened to a call, attempt by attempt, for whoever wants to know why. */
export function traceCall(account: CallAccount, bill: Bill): JsonObject {
  const [first] = account.attempts;
  const since = first?.startedAt ?? 0;
  return {
    model: account.modelId,
    provider: account.last ? providerIdOf(account.last) : null,
    status: account.status,
    attempts: traceAttempts(account, since, bill),
    passed_over: account.passedOver.map((one) => ({
      provider: providerIdOf(one),
      model: one.model.id,
      reason: one.reason,
    })),
    cost: formatDollars(bill.credits),
    provider_cost: formatDollars(bill.cost),
  };
}

/** Milliseconds count from the start of the first attempt. */
export function traceAttempts(account: CallAccount, since: number, bill: Bill): JsonObject[] {
  return account.attempts.map((attempt) => ({
    provider: providerIdOf(attempt),
    model: attempt.model.id,
    status: statusOf(attempt, account),
    reason: attempt.failure ?? attempt.brokenBy ?? null,
    ...(attempt.isOwn && { own_key: true }),
    started_ms: milliseconds(since, attempt.startedAt),
    responded_ms: milliseconds(since, attempt.respondedAt),
    first_token_ms: milliseconds(since, attempt.firstTokenAt),
    ended_ms: milliseconds(since, attempt.endedAt),
    ...(attempt === account.last ? used(bill) : wasted(attempt)),
  }));
}

function statusOf(attempt: Attempt, account: CallAccount): string {
  if (attempt.failure) return attempt.failure === 'hedged' ? 'cancelled' : 'failed';
  return attempt === account.last ? account.status : 'cancelled';
}

function used({ usage }: Bill): JsonObject {
  return { input_tokens: inputTokens(usage), output_tokens: outputTokens(usage) };
}

/** What nobody got, and what we pay for it. */
function wasted({ wastedUsage, offer }: Attempt): JsonObject {
  if (!wastedUsage) return { input_tokens: 0, output_tokens: 0 };
  return {
    input_tokens: inputTokens(wastedUsage),
    output_tokens: outputTokens(wastedUsage),
    wasted_cost: formatDollars(costOf(wastedUsage, offer.price())),
  };
}

function milliseconds(since: number, at: number | undefined): number | null {
  return at === undefined ? null : Math.round((at - since) * 10) / 10;
}
