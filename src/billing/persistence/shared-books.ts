import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { BUDGET_PERIODS, type Caller } from '../../auth/caller.js';
import { ENV, type Env } from '../../config/env.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import type { RedisScript } from '../../platform/redis/redis-script.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import {
  costOfOutput,
  leastOutput,
  type AdmissionRequest,
  type Decision,
  type Lease,
} from '../admission/admission-request.js';
import type { Books, Outcome, Standing } from '../admission/books.js';
import { budgetWindows } from '../admission/budget-windows.js';
import type { SpendingState } from '../admission/spending-state.js';
import { withCredits } from '../journal-line.js';
import type { UserTotals } from '../user-totals.js';
import { readDecision } from './decision-reply.js';
import { ACCOUNT_PREFIX, JOURNAL_GROUP, JOURNAL_KEY, keysOf } from './redis-keys.js';
import { CONFIRM, OPEN } from './scripts/accounts.js';
import { ADMIT } from './scripts/admit.js';
import { GROW, RENEW, SETTLE } from './scripts/settle.js';
import { UsageJournal } from './usage-journal.js';

/** So often within its time a lease is renewed. */
const RENEWALS = 4;
const KEPT_MS = 7 * 86_400_000;
/** Digits of nano-dollars that order versions like numbers. */
const VERSION_DIGITS = 24;

/** An entry of the shared journal. */
export interface SharedEntry {
  readonly id: string;
  readonly userId: string;
  /** The charge in nano-dollars. */
  readonly credits: string;
  readonly line: string;
}

/**
 * The books of all gateways that share a Redis. A step is one script, and so is the end of a call together with its
 * line in the journal. When Redis goes away during a call, its line goes into this gateway's own journal file.
 */
@Injectable()
export class SharedBooks implements Books, OnModuleDestroy {
  private readonly log = new Logger(SharedBooks.name);
  private readonly running = new Map<string, Lease>();
  private readonly renewal: NodeJS.Timeout;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly redis: RedisService,
    private readonly journal: UsageJournal,
  ) {
    this.renewal = setInterval(() => void this.renew(), env.ADMISSION_LEASE_MS / RENEWALS).unref();
  }

  async admit(request: AdmissionRequest): Promise<Decision | undefined> {
    const { caller, inputTokens, outputTokens, inputCost, outputPrice } = request;
    const { requestsPerMinute, tokensPerMinute, concurrency } = caller.limits;
    const now = Date.now();
    const answer = await this.run(ADMIT, keysOf(caller), [
      ...[request.requestId, caller.apiKeyId, this.env.ADMISSION_LEASE_MS],
      ...[requestsPerMinute, tokensPerMinute, concurrency].map((limit) => limit ?? ''),
      ...[inputTokens, outputTokens, leastOutput(request), String(inputCost), String(outputPrice)],
      ...budgetArguments(caller, now),
    ]);
    const decision = readDecision(answer as string[], request, now);
    if (decision && 'lease' in decision) this.running.set(request.requestId, decision.lease);
    return decision;
  }

  async open(state: SpendingState): Promise<void> {
    const { userId, apiKeyId, creditLine, spent, windows } = state;
    const [account = '', spending = ''] = keysOf({ userId, apiKeyId });
    await this.run(
      OPEN,
      [account, spending],
      [
        ...[KEPT_MS, versionOf(state), balanceOf(state), creditLine === undefined ? '' : String(creditLine)],
        ...[String(spent.day), windows.day, String(spent.week), windows.week],
        ...[String(spent.month), windows.month, String(spent.total)],
      ],
    );
  }

  async grow(lease: Lease, outputTokens: number): Promise<boolean> {
    const { request } = lease;
    const { caller, inputTokens, requestId } = request;
    const cost = costOfOutput(request, outputTokens);
    const answer = await this.run(GROW, keysOf(caller), [
      ...[requestId, outputTokens, String(cost), inputTokens, caller.limits.tokensPerMinute ?? ''],
      ...budgetArguments(caller, Date.now()),
    ]);
    if (answer !== 1) return false;
    lease.outputTokens = outputTokens;
    lease.hold = cost;
    return true;
  }

  async settle(lease: Lease, outcome: Outcome, line: string): Promise<NanoDollars> {
    try {
      const charged = await this.end(lease, outcome, line);
      this.running.delete(lease.request.requestId);
      return charged;
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      // Its lease is renewed until the database has the line: what it held stays held.
      const charged = outcome.credits < lease.hold ? outcome.credits : lease.hold;
      await this.journal.append(withCredits(line, charged));
      return charged;
    }
  }

  async drop(lease: Lease): Promise<void> {
    // No longer renewed: when Redis cannot be told, it expires.
    this.running.delete(lease.request.requestId);
    await this.end(lease, { tokens: 0, credits: 0n }, '').catch(() => undefined);
  }

  async hear(totals: UserTotals): Promise<void> {
    await this.confirm([], [totals]);
  }

  /** The database has these entries, and these are the new figures of their users. */
  async confirm(entries: readonly SharedEntry[], totals: readonly UserTotals[]): Promise<void> {
    await this.run(
      CONFIRM,
      [JOURNAL_KEY],
      [
        ...[JOURNAL_GROUP, ACCOUNT_PREFIX, entries.length],
        ...entries.flatMap(({ id, userId, credits }) => [id, userId, credits]),
        ...totals.flatMap((user) => [user.userId, versionOf(user), balanceOf(user)]),
      ],
    );
  }

  async standing(userId: string): Promise<Standing> {
    const [account = ''] = keysOf({ userId, apiKeyId: '' });
    const [held, unsettled] = await this.redis.ask((redis) => redis.hmget(account, 'held', 'unsettled'));
    return { held: BigInt(held ?? 0), unsettled: BigInt(unsettled ?? 0) };
  }

  /** Lines that went into the own journal are in the database now: what their calls held is free. */
  async freeStranded(requestIds: readonly string[]): Promise<void> {
    for (const id of requestIds) {
      const lease = this.running.get(id);
      if (lease) await this.drop(lease);
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.renewal);
  }

  private async end({ request }: Lease, { tokens, credits }: Outcome, line: string): Promise<NanoDollars> {
    const { caller, requestId } = request;
    const answer = await this.run(
      SETTLE,
      [...keysOf(caller), JOURNAL_KEY],
      [
        ...[requestId, caller.apiKeyId, caller.userId, String(credits), tokens, line],
        ...budgetArguments(caller, Date.now()),
      ],
    );
    return BigInt(String(answer));
  }

  private async renew(): Promise<void> {
    const leases = [...this.running.values()];
    try {
      // All at once: they share one connection and go out as one.
      await Promise.all(
        leases.map(({ request: { caller, requestId } }) =>
          this.run(RENEW, keysOf(caller), [this.env.ADMISSION_LEASE_MS, requestId]),
        ),
      );
    } catch (error) {
      this.log.warn({ err: error, leases: leases.length }, 'leases could not be renewed');
    }
  }

  private run(script: RedisScript, keys: string[], values: (string | number)[]): Promise<unknown> {
    return this.redis.ask((redis) => script.run(redis, keys, values));
  }
}

function budgetArguments({ limits }: Caller, now: number): string[] {
  const windows = budgetWindows(now);
  return [
    ...BUDGET_PERIODS.map((period) => String(limits.budget[period] ?? '')),
    windows.day,
    windows.week,
    windows.month,
  ];
}

/** Both figures only grow, and so does their sum. */
function versionOf({ credited, debited }: UserTotals): string {
  return String(credited + debited).padStart(VERSION_DIGITS, '0');
}

function balanceOf({ credited, debited }: UserTotals): string {
  return String(credited - debited);
}
