import type { UsageRecord } from '../usage-record.js';
import { toJournalLine } from '../journal-line.js';
import { NO_TOKENS } from '../../providers/token-usage.js';
import { RecentTransactions } from './recent-transactions.js';

const lineOf = (requestId: string, more: Partial<UsageRecord> = {}): string =>
  toJournalLine({
    requestId,
    userId: 'user',
    apiKeyId: 'key',
    modelId: 'größtes/模型',
    providerId: 'sandbox',
    endpoint: '/v1/chat/completions',
    status: 'completed',
    isStream: false,
    attempts: 1,
    usage: NO_TOKENS,
    tokenSource: 'provider',
    creditsUsed: 2n,
    cost: 1n,
    durationMs: 1,
    firstTokenMs: undefined,
    trace: undefined,
    endedAt: 0,
    ...more,
  });

describe('recent transactions', () => {
  it('tells of a call what its caller paid', () => {
    const recent = new RecentTransactions();
    recent.remember(lineOf('req_1'), 1_500_000_000n);
    recent.remember(lineOf('req_12'), 2n);
    expect(recent.find('req_1')).toMatchObject({ id: 'req_1', model_id: 'größtes/模型', credits_used: '1.500000000' });
    expect(recent.find('req_12')?.credits_used).toBe('0.000000002');
    expect([recent.find('req_2'), recent.find('req_')]).toEqual([undefined, undefined]);
  });

  it('keeps the newest of many, each whole, however long its story is', () => {
    const recent = new RecentTransactions();
    const storyOf = (call: number) => ({ trace: { attempts: 'é'.repeat((call * 37) % 2_000) } });
    for (let call = 0; call < 5_000; call += 1) recent.remember(lineOf(`req_${call}`, storyOf(call)), BigInt(call));
    const known = Array.from({ length: 5_000 }, (_, call) => recent.find(`req_${call}`));
    const kept = known.flatMap((line, call) => (line ? [call] : []));
    expect(kept.length).toBeGreaterThan(200);
    expect(kept).toEqual(kept.map((_, index) => 5_000 - kept.length + index));
    for (const call of kept) expect(known[call]).toMatchObject({ id: `req_${call}`, ...storyOf(call) });
  });

  it('leaves a story without end to the database', () => {
    const recent = new RecentTransactions();
    recent.remember(lineOf('req_long', { trace: { attempts: 'x'.repeat(1_000_000) } }), 0n);
    recent.remember(lineOf('req_1'), 0n);
    expect([recent.find('req_long'), recent.find('req_1')?.id]).toEqual([undefined, 'req_1']);
  });
});
