import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { costOfOutput, type AdmissionRequest, type Decision, type Lease } from '../admission/admission-request.js';
import { allowance } from '../admission/allowance.js';
import type { Books, Outcome, Standing } from '../admission/books.js';
import { budgetRenewalMs, type LocalKey } from '../admission/local-key.js';
import { LocalUser } from '../admission/local-user.js';
import { slotAt } from '../../platform/limits/minute-window.js';
import type { SpendingState } from '../admission/spending-state.js';
import { withCredits } from '../journal-line.js';
import { UsageJournal } from '../persistence/usage-journal.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import type { UserTotals } from '../user-totals.js';

/** Longer than any window of a minute. */
const FORGOTTEN_AFTER_MS = 600_000;

/** A user, one of his keys, and what is asked of them. */
interface Page {
  readonly user: LocalUser;
  readonly key: LocalKey;
}

/**
 * The books of one process. Each step runs without a pause, so no two calls ever see the same money; what a crash takes
 * with it is only what was set aside, for charges are in the journal.
 */
@Injectable()
export class LocalBooks implements Books, OnModuleDestroy {
  private readonly users = new Map<string, LocalUser>();
  private readonly sweeper = setInterval(() => {
    this.forgetIdle();
  }, FORGOTTEN_AFTER_MS / 10).unref();

  constructor(private readonly journal: UsageJournal) {}

  admit(request: AdmissionRequest): Decision | undefined {
    const page = this.pageOf(request);
    if (!page) return undefined;
    const { user, key } = page;
    const { limits } = request.caller;
    const now = Date.now();
    const refusal = key.refusal(request, now);
    if (refusal) return { refusal };
    const { tokensPerMinute } = limits;
    const tokens = tokensPerMinute === undefined ? undefined : key.tokens.remaining(tokensPerMinute, now);
    const budget = key.budgetLeft(limits.budget, now);
    const allowed = allowance(request, { tokens, credits: user.left, budget });
    if ('outputTokens' in allowed) return { lease: take(request, page, allowed.outputTokens) };
    const waits = {
      tokens: key.tokens.freeAfterMs(request.inputTokens + request.outputTokens, tokensPerMinute ?? 0, now),
      budget: budget && budgetRenewalMs(budget.period, now),
    };
    const { shortOf } = allowed;
    const retryAfterMs = shortOf === 'tokens' || shortOf === 'budget' ? waits[shortOf] : undefined;
    return { refusal: { reason: shortOf, retryAfterMs, rates: key.rates(limits, now) } };
  }

  open(state: SpendingState): void {
    const user = this.users.get(state.userId) ?? new LocalUser();
    user.open(state);
    this.users.set(state.userId, user);
  }

  grow(lease: Lease, outputTokens: number): boolean {
    const page = this.pageOf(lease.request);
    if (!page) return false;
    const { user, key } = page;
    const { limits } = lease.request.caller;
    const now = Date.now();
    const more = costOfOutput(lease.request, outputTokens) - lease.hold;
    const moreTokens = outputTokens - lease.outputTokens;
    const { tokensPerMinute } = limits;
    if (tokensPerMinute !== undefined && key.tokens.remaining(tokensPerMinute, now) < moreTokens) return false;
    if (isLess(user.left, more) || isLess(key.budgetLeft(limits.budget, now)?.left, more)) return false;
    key.tokens.correct(lease.slot, moreTokens);
    hold(page, lease, more);
    lease.outputTokens = outputTokens;
    return true;
  }

  async settle(lease: Lease, outcome: Outcome, line: string): Promise<NanoDollars> {
    const page = this.pageOf(lease.request);
    if (!page) throw new Error('A lease outlives neither its user nor its key.');
    const { user, key } = page;
    const charged = chargeable(page, lease, outcome.credits);
    hold(page, lease, charged - lease.hold);
    this.close(page, lease, outcome.tokens);
    try {
      await this.journal.append(withCredits(line, charged));
      user.unsettled += charged;
      key.spend(charged, Date.now());
    } finally {
      hold(page, lease, -charged);
    }
    return charged;
  }

  drop(lease: Lease): void {
    const page = this.pageOf(lease.request);
    if (!page) return;
    hold(page, lease, -lease.hold);
    this.close(page, lease, 0);
  }

  hear(totals: UserTotals, debited: NanoDollars): void {
    const user = this.users.get(totals.userId);
    if (!user) return;
    user.hear(totals);
    user.unsettled -= debited;
  }

  standing(userId: string): Standing {
    const user = this.users.get(userId);
    return { held: user?.held ?? 0n, unsettled: user?.unsettled ?? 0n };
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
  }

  private close({ key }: Page, lease: Lease, usedTokens: number): void {
    key.open -= 1;
    key.tokens.correct(lease.slot, usedTokens - lease.request.inputTokens - lease.outputTokens);
  }

  private pageOf({ caller }: AdmissionRequest): Page | undefined {
    const user = this.users.get(caller.userId);
    const key = user?.keys.get(caller.apiKeyId);
    return user && key && { user, key };
  }

  private forgetIdle(): void {
    const horizon = Date.now() - FORGOTTEN_AFTER_MS;
    for (const [id, user] of this.users) if (user.isIdle && user.lastUsedAt < horizon) this.users.delete(id);
  }
}

function take(request: AdmissionRequest, page: Page, outputTokens: number): Lease {
  const { user, key } = page;
  const now = Date.now();
  const { limits } = request.caller;
  user.lastUsedAt = now;
  key.open += 1;
  key.requests.add(1, now);
  key.tokens.add(request.inputTokens + outputTokens, now);
  const lease = { request, outputTokens, hold: 0n, slot: slotAt(now), rates: key.rates(limits, now) };
  hold(page, lease, costOfOutput(request, outputTokens));
  return lease;
}

function hold({ user, key }: Page, lease: Lease, more: NanoDollars): void {
  user.held += more;
  key.held += more;
  lease.hold += more;
}

/** What a call cost, but never more than what it set aside and what nobody else has. */
function chargeable({ user, key }: Page, lease: Lease, credits: NanoDollars): NanoDollars {
  const { left } = user;
  const budget = key.budgetLeft(lease.request.caller.limits.budget, Date.now())?.left;
  let charged = credits;
  for (const bound of [left, budget]) {
    if (bound !== undefined && bound + lease.hold < charged) charged = bound + lease.hold;
  }
  return charged > 0n ? charged : 0n;
}

function isLess(left: NanoDollars | undefined, amount: NanoDollars): boolean {
  return left !== undefined && left < amount;
}
