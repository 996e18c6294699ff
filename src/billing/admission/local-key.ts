import { BUDGET_PERIODS, type Budget, type BudgetPeriod, type KeyLimits } from '../../auth/caller.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import type { AdmissionRequest, RateFigures, Refusal } from './admission-request.js';
import { budgetEnd, budgetWindows, type BudgetWindows } from './budget-windows.js';
import { MinuteWindow } from '../../platform/limits/minute-window.js';
import type { SpendingState } from './spending-state.js';

/** What one API key uses and has spent, in this process. */
export class LocalKey {
  readonly requests = new MinuteWindow();
  readonly tokens = new MinuteWindow();
  /** Calls that are running. */
  open = 0;
  held = 0n;
  private readonly spent: Record<BudgetPeriod, NanoDollars>;
  private windows: BudgetWindows;

  constructor({ spent, windows }: Pick<SpendingState, 'spent' | 'windows'>) {
    this.spent = { ...spent };
    this.windows = windows;
  }

  /** What its budgets leave, and which of them leaves least; undefined without any. */
  budgetLeft(budget: Budget, now: number): { left: NanoDollars; period: BudgetPeriod } | undefined {
    this.roll(now);
    let least: { left: NanoDollars; period: BudgetPeriod } | undefined;
    for (const period of BUDGET_PERIODS) {
      const amount = budget[period];
      if (amount === undefined) continue;
      const left = amount - this.spent[period] - this.held;
      if (!least || left < least.left) least = { left, period };
    }
    return least;
  }

  spend(credits: NanoDollars, now: number): void {
    this.roll(now);
    for (const period of BUDGET_PERIODS) this.spent[period] += credits;
  }

  /** Why another call may not begin now, apart from money. */
  refusal({ caller: { limits } }: AdmissionRequest, now: number): Refusal | undefined {
    const { requestsPerMinute, concurrency } = limits;
    if (requestsPerMinute !== undefined && this.requests.remaining(requestsPerMinute, now) < 1) {
      const retryAfterMs = this.requests.freeAfterMs(1, requestsPerMinute, now);
      return { reason: 'requests', retryAfterMs, rates: this.rates(limits, now) };
    }
    if (concurrency !== undefined && this.open >= concurrency) {
      return { reason: 'concurrency', retryAfterMs: 1000, rates: this.rates(limits, now) };
    }
    return undefined;
  }

  rates({ requestsPerMinute, tokensPerMinute }: KeyLimits, now: number): RateFigures {
    return {
      ...(requestsPerMinute !== undefined && { requests: this.requests.figure(requestsPerMinute, now) }),
      ...(tokensPerMinute !== undefined && { tokens: this.tokens.figure(tokensPerMinute, now) }),
    };
  }

  /** A period that has ended begins anew with nothing spent. */
  private roll(now: number): void {
    const windows = budgetWindows(now);
    if (windows === this.windows) return;
    for (const period of BUDGET_PERIODS) if (windows[period] > this.windows[period]) this.spent[period] = 0n;
    this.windows = windows;
  }
}

/** Until the budget that leaves least is renewed; undefined for one that never is. */
export function budgetRenewalMs(period: BudgetPeriod, now: number): number | undefined {
  const end = budgetEnd(period, now);
  return end === undefined ? undefined : end - now;
}
