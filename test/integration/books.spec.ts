import { Redis } from 'ioredis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyLimits } from '../../src/auth/caller.js';
import type { AdmissionRequest, Decision, Lease } from '../../src/billing/admission/admission-request.js';
import type { Books } from '../../src/billing/admission/books.js';
import { budgetWindows } from '../../src/billing/admission/budget-windows.js';
import type { SpendingState } from '../../src/billing/admission/spending-state.js';
import type { JournalLine } from '../../src/billing/journal-line.js';
import { SharedBooks } from '../../src/billing/persistence/shared-books.js';
import { SharedRecords } from '../../src/billing/persistence/shared-records.js';
import { UsageJournal } from '../../src/billing/persistence/usage-journal.js';
import { LocalBooks } from '../../src/billing/services/local-books.js';
import type { UserTotals } from '../../src/billing/user-totals.js';
import { readEnv } from '../../src/config/env.js';
import { DataDirectory } from '../../src/platform/data-directory/data-directory.js';
import { parseDollars } from '../../src/platform/money/nano-dollars.js';
import { RedisService } from '../../src/platform/redis/redis.service.js';
import { aCaller } from '../support/caller.js';
import { hasRedis, startRedis, type RedisServer } from '../support/redis.js';

const NO_LIMITS: KeyLimits = {
  requestsPerMinute: undefined,
  tokensPerMinute: undefined,
  concurrency: undefined,
  budget: {},
};
const DOLLAR = 1_000_000_000n;
/** A thousand tokens cost a dollar. */
const OUTPUT_PRICE = 1_000_000_000n;

/** Books, and what they wrote into their journal. */
interface Subject {
  readonly books: Books;
  /** Moves them out of it, as if the database had answered with these figures. */
  lines(totals?: UserTotals): Promise<JournalLine[]>;
  close(): Promise<void>;
}

let folder: string;
let directory: DataDirectory;
let server: RedisServer;
const isThere = hasRedis();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'books-'));
  directory = await DataDirectory.open(folder);
  if (isThere) server = await startRedis();
});

afterAll(async () => {
  directory.onApplicationShutdown();
  rmSync(folder, { recursive: true });
  if (isThere) await server.stop();
});

async function readAll(journal: UsageJournal): Promise<JournalLine[]> {
  const lines: string[] = [];
  for (let batch = await journal.read(1024 * 1024); batch; batch = await journal.read(1024 * 1024)) {
    journal.commit(batch.end);
    lines.push(...batch.lines);
  }
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

function inProcess(): Subject {
  const journal = new UsageJournal(readEnv({}), directory);
  const books = new LocalBooks(journal);
  const close = async (): Promise<void> => {
    books.onModuleDestroy();
    await journal.close();
  };
  const lines = async (totals?: UserTotals): Promise<JournalLine[]> => {
    const read = await readAll(journal);
    const own = read.filter(({ user_id: user }) => user === totals?.userId);
    const debited = own.reduce((sum, { credits_used: credits }) => sum + parseDollars(credits), 0n);
    if (totals) books.hear(totals, debited);
    return read;
  };
  return { books, lines, close };
}

function inRedis(): Subject {
  const journal = new UsageJournal(readEnv({}), directory);
  const client = new Redis(server.url);
  const redis = new RedisService({ backend: () => undefined } as never, client);
  const books = new SharedBooks(readEnv({}), redis, journal);
  const records = new SharedRecords(redis, books);
  const lines = async (totals?: UserTotals): Promise<JournalLine[]> => {
    const batch = await records.next();
    await batch?.confirm(totals ? [totals] : []);
    return (batch?.lines ?? []).map((line) => JSON.parse(line) as JournalLine);
  };
  const close = async (): Promise<void> => {
    books.onModuleDestroy();
    redis.onApplicationShutdown();
    await journal.close();
  };
  return { books, lines, close };
}

const SUBJECTS: [string, () => Subject][] = [['one process', inProcess]];
if (isThere) SUBJECTS.push(['a Redis', inRedis]);

describe.each(SUBJECTS)('the books of %s', (_, open) => {
  let subject: Subject;
  let books: Books;
  let userId: string;
  let count = 0;

  beforeEach(async () => {
    subject = open();
    // What the tests before left.
    await subject.lines();
    ({ books } = subject);
    userId = `user-${String((count += 1))}-${String(Date.now())}`;
  });

  afterEach(() => subject.close());

  const state = (credits: bigint, changes: Partial<SpendingState> = {}): SpendingState => ({
    userId,
    apiKeyId: 'key',
    credited: credits,
    debited: 0n,
    creditLine: 0n,
    spent: { day: 0n, week: 0n, month: 0n, total: 0n },
    windows: budgetWindows(Date.now()),
    ...changes,
  });

  const request = (changes: Partial<AdmissionRequest> = {}, limits: Partial<KeyLimits> = {}): AdmissionRequest => ({
    requestId: `request-${String((count += 1))}`,
    caller: aCaller({ userId, limits: { ...NO_LIMITS, ...limits } }),
    inputTokens: 0,
    outputTokens: 1000,
    isOpenEnded: false,
    inputCost: 0n,
    outputPrice: OUTPUT_PRICE,
    ...changes,
  });

  const admitted = async (asked: AdmissionRequest): Promise<Lease> => {
    const decision = await books.admit(asked);
    if (!decision || !('lease' in decision)) throw new Error(`refused: ${JSON.stringify(decision)}`);
    return decision.lease;
  };

  const refused = async (asked: AdmissionRequest): Promise<{ reason: string; retryAfterMs: number | undefined }> => {
    const decision = await books.admit(asked);
    if (!decision || !('refusal' in decision)) throw new Error('admitted');
    return decision.refusal;
  };

  const line = (id: string): string => JSON.stringify({ id, user_id: userId });

  it('know nothing of an account that was not opened', async () => {
    expect(await books.admit(request())).toBeUndefined();
  });

  it('hold what a call may cost, and refuse another that the rest does not pay for', async () => {
    await books.open(state(DOLLAR + DOLLAR / 2n));
    const lease = await admitted(request());
    expect(lease).toMatchObject({ outputTokens: 1000, hold: DOLLAR });
    expect(await books.standing(userId)).toEqual({ held: DOLLAR, unsettled: 0n });
    const second = await admitted(request());
    expect(second).toMatchObject({ outputTokens: 500, hold: DOLLAR / 2n });
    expect(await refused(request())).toMatchObject({ reason: 'credits', retryAfterMs: undefined });
    await books.drop(second);
    expect(await admitted(request({ outputTokens: 500 }))).toMatchObject({ hold: DOLLAR / 2n });
  });

  it('never let parallel calls hold more than there is', async () => {
    await books.open(state(10n * DOLLAR));
    const decisions = await Promise.all(Array.from({ length: 200 }, async () => books.admit(request())));
    const leases = decisions.flatMap((decision) => (decision && 'lease' in decision ? [decision.lease] : []));
    expect(leases).toHaveLength(10);
    expect((await books.standing(userId)).held).toBe(10n * DOLLAR);
    await Promise.all(leases.map((lease) => books.settle(lease, { tokens: 10, credits: DOLLAR / 4n }, line('x'))));
    expect(await books.standing(userId)).toEqual({ held: 0n, unsettled: (10n * DOLLAR) / 4n });
    expect((await subject.lines()).map(({ credits_used }) => credits_used)).toEqual(Array(10).fill('0.250000000'));
  });

  it('charge what a call cost, but never more than its hold and what is left', async () => {
    await books.open(state(3n * DOLLAR));
    const lease = await admitted(request({ outputTokens: 1000 }));
    expect(await books.settle(lease, { tokens: 5000, credits: 5n * DOLLAR }, line('dear'))).toBe(3n * DOLLAR);
    expect(await subject.lines()).toEqual([{ id: 'dear', user_id: userId, credits_used: '3.000000000' }]);
    expect(await refused(request())).toMatchObject({ reason: 'credits' });
  });

  it('charge to the nano-dollar', async () => {
    await books.open(state(4_000_000n * DOLLAR));
    const lease = await admitted(request({ inputCost: 3_999_998n * DOLLAR, outputTokens: 1000 }));
    const credits = 3_999_998n * DOLLAR + 123_456_789n;
    expect(await books.settle(lease, { tokens: 1, credits }, line('a'))).toBe(credits);
    expect((await subject.lines())[0]?.credits_used).toBe('3999998.123456789');
  });

  it('let an account without a credit line spend without limit', async () => {
    await books.open(state(0n, { creditLine: undefined }));
    const lease = await admitted(request());
    expect(await books.settle(lease, { tokens: 9, credits: 7n * DOLLAR }, line('a'))).toBe(7n * DOLLAR);
  });

  it('go as far below zero as the credit line says', async () => {
    await books.open(state(0n, { creditLine: DOLLAR }));
    await admitted(request());
    expect(await refused(request())).toMatchObject({ reason: 'credits' });
  });

  it('hear of new credits, and of debits once', async () => {
    await books.open(state(DOLLAR));
    const lease = await admitted(request());
    await books.settle(lease, { tokens: 1, credits: DOLLAR }, line('a'));
    expect(await refused(request())).toMatchObject({ reason: 'credits' });
    const totals = { userId, credited: 2n * DOLLAR, debited: DOLLAR };
    await subject.lines(totals);
    await books.hear({ ...totals, credited: DOLLAR, debited: 0n }, 0n);
    expect(await books.standing(userId)).toEqual({ held: 0n, unsettled: 0n });
    expect(await admitted(request())).toMatchObject({ hold: DOLLAR });
    expect(await refused(request())).toMatchObject({ reason: 'credits' });
  });

  it('keep each budget of a key, together with what is held', async () => {
    const spent = { day: 0n, week: DOLLAR, month: DOLLAR, total: 9n * DOLLAR };
    await books.open(state(100n * DOLLAR, { spent }));
    const limits = { budget: { day: 2n * DOLLAR, total: 10n * DOLLAR + DOLLAR / 2n } };
    const first = await admitted(request({}, limits));
    expect(await admitted(request({}, limits))).toMatchObject({ outputTokens: 500 });
    const refusal = await refused(request({}, limits));
    expect(refusal).toEqual({ reason: 'budget', retryAfterMs: undefined, rates: {} });
    await books.settle(first, { tokens: 1, credits: 0n }, line('free'));
    expect(await refused(request({}, { budget: { day: 0n } }))).toMatchObject({ reason: 'budget' });
    expect((await refused(request({}, { budget: { day: 0n } }))).retryAfterMs).toBeLessThanOrEqual(86_400_000);
    expect(await admitted(request({}, { budget: { day: 3n * DOLLAR } }))).toMatchObject({ outputTokens: 1000 });
  });

  it('let no more requests through in a minute than the limit says, and tell what is left', async () => {
    await books.open(state(1000n * DOLLAR));
    const limits = { requestsPerMinute: 20 };
    const decisions = await Promise.all(Array.from({ length: 60 }, async () => books.admit(request({}, limits))));
    const isAdmitted = (decision: Decision | undefined): boolean => decision !== undefined && 'lease' in decision;
    expect(decisions.filter(isAdmitted)).toHaveLength(20);
    const first = decisions.find(isAdmitted);
    expect(first).toMatchObject({ lease: { rates: { requests: { limit: 20, remaining: 19 } } } });
    const { reason, retryAfterMs = 0 } = await refused(request({}, limits));
    expect(reason).toBe('requests');
    expect(retryAfterMs).toBeGreaterThan(55_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_500);
  });

  it('set tokens of the minute aside, and correct them once they are known', async () => {
    await books.open(state(1000n * DOLLAR));
    const limits = { tokensPerMinute: 1500 };
    const lease = await admitted(request({ inputTokens: 400 }, limits));
    expect(lease.rates.tokens).toMatchObject({ limit: 1500, remaining: 100 });
    expect(await refused(request({ inputTokens: 100 }, limits))).toMatchObject({ reason: 'tokens' });
    await books.settle(lease, { tokens: 500, credits: 0n }, line('a'));
    const second = await admitted(request({ inputTokens: 100 }, limits));
    expect(second).toMatchObject({ outputTokens: 900 });
    expect(second.rates.tokens).toMatchObject({ remaining: 0 });
  });

  it('let no more calls run at once than the limit says', async () => {
    await books.open(state(1000n * DOLLAR));
    const limits = { concurrency: 2 };
    const [first] = [await admitted(request({}, limits)), await admitted(request({}, limits))];
    expect(await refused(request({}, limits))).toMatchObject({ reason: 'concurrency', retryAfterMs: 1000 });
    await books.settle(first, { tokens: 1, credits: 0n }, line('a'));
    await admitted(request({}, limits));
    expect(await refused(request({}, limits))).toMatchObject({ reason: 'concurrency' });
  });

  it('let a hold grow while there is something left, and not beyond', async () => {
    await books.open(state(3n * DOLLAR));
    const lease = await admitted(request());
    expect(await books.grow(lease, 2500)).toBe(true);
    expect(lease).toMatchObject({ outputTokens: 2500, hold: (5n * DOLLAR) / 2n });
    expect(await books.grow(lease, 3001)).toBe(false);
    expect((await books.standing(userId)).held).toBe((5n * DOLLAR) / 2n);
    await books.settle(lease, { tokens: 2500, credits: (5n * DOLLAR) / 2n }, line('a'));
    expect(await admitted(request())).toMatchObject({ outputTokens: 500 });
  });

  it('take nothing of free models', async () => {
    await books.open(state(0n));
    expect(await admitted(request({ outputPrice: 0n }))).toMatchObject({ outputTokens: 1000, hold: 0n });
  });
});
