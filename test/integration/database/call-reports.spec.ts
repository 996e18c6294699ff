import { randomUUID } from 'node:crypto';
import type { JournalLine } from '../../../src/billing/journal-line.js';
import { TransactionRepository } from '../../../src/billing/persistence/transaction.repository.js';
import {
  CallReportRepository,
  type ReportQuestion,
} from '../../../src/monitoring/persistence/call-report.repository.js';
import type { DatabaseApplication } from '../../support/database.js';
import { describeStored } from '../../support/stored.js';

const SPAN = { from: Date.parse('2026-03-05T00:00:00Z'), to: Date.parse('2026-03-07T00:00:00Z') };

describeStored('reports of calls', (store) => {
  let database: DatabaseApplication;
  let reports: CallReportRepository;

  beforeAll(async () => {
    ({ database } = store);
    reports = new CallReportRepository(database.service);
    await new TransactionRepository(database.service, { ANALYTICS_CALL_EVENTS: 'on' }).settle(
      CALLS.map((call) => JSON.stringify(call)),
    );
  });

  const report = (question: Omit<ReportQuestion, 'from' | 'to'>) => reports.report({ ...SPAN, ...question });

  it('counts an attempt that failed with the provider that failed, whoever served the call', async () => {
    expect(await report({ groupBy: 'provider' })).toMatchObject([
      { label: 'steady', requests: 6, completed: 5, cancelled: 1, attempts: 6, failed_attempts: 0 },
      { label: 'shaky', requests: 2, failed: 2, attempts: 3, failed_attempts: 2 },
    ]);
    expect(await report({ groupBy: 'offer', provider: 'shaky' })).toMatchObject([
      { label: 'shaky:vendor/model', requests: 2, attempts: 3, failed_attempts: 2 },
    ]);
  });

  it('adds up all tokens, cached and hidden ones too, and money to the nano-dollar', async () => {
    expect(await report({ groupBy: 'all', provider: 'steady', model: 'vendor/model' })).toMatchObject([
      {
        label: 'all',
        input_tokens: 6 * 13,
        cache_read_tokens: 6 * 2,
        output_tokens: 6 * 25,
        reasoning_tokens: 6 * 4,
        credits_used: '1000000005.000000001',
        cost: '3.000000003',
      },
    ]);
  });

  it('tells how long completed calls took, and how fast they were written', async () => {
    expect(await report({ groupBy: 'all', provider: 'steady' })).toMatchObject([
      { latency_p50: 300, latency_p95: 480, latency_p99: 496, first_token_p50: 100, tokens_per_second: 100 },
    ]);
    const failedOnly = { latency_p50: null, first_token_p95: null, tokens_per_second: null };
    expect(await report({ groupBy: 'all', provider: 'shaky' })).toMatchObject([failedOnly]);
    expect(await report({ groupBy: 'all', provider: 'nobody' })).toEqual([]);
  });

  it('learns of first tokens and speed from streams alone', async () => {
    const [plain] = await reports.report({ ...SPAN, groupBy: 'all', provider: 'plain', from: 0 });
    expect(plain).toMatchObject({ completed: 1, latency_p50: 700, first_token_p50: null, tokens_per_second: null });
  });

  it('goes by hours and days of UTC, in their order', async () => {
    expect((await report({ groupBy: 'hour', provider: 'steady' })).map(({ label }) => label)).toEqual([
      '2026-03-05T10:00:00Z',
      '2026-03-05T23:00:00Z',
      '2026-03-06T00:00:00Z',
    ]);
    expect((await report({ groupBy: 'day' })).map(({ requests }) => requests)).toEqual([7, 1]);
  });

  it('puts calls between bounds, a bound itself below it', async () => {
    const offer = { ...SPAN, provider: 'steady', model: 'vendor/model' };
    expect(await reports.histogram(offer, [100, 200, 400])).toEqual([
      { up_to_ms: 100, calls: 1 },
      { up_to_ms: 200, calls: 1 },
      { up_to_ms: 400, calls: 2 },
      { up_to_ms: null, calls: 1 },
    ]);
    const unknown = await reports.histogram({ ...offer, model: 'nothing' }, [100]);
    expect(unknown).toEqual([
      { up_to_ms: 100, calls: 0 },
      { up_to_ms: null, calls: 0 },
    ]);
  });

  it('says what was earned and spent, and where it was wasted', async () => {
    const costs = await reports.costs(SPAN);
    expect(costs.filter(({ kind }) => kind === 'provider')).toMatchObject([
      {
        label: 'steady',
        requests: 6,
        credits_used: '1000000005.000000001',
        cost: '2.500000003',
        margin: '1000000002.499999998',
        own_key_fees: '1.000000000',
        failed_cost: '0.000000000',
      },
      { label: 'shaky', credits_used: '0.000000000', cost: '0.900000000', failed_cost: '0.900000000' },
    ]);
    expect(costs.filter(({ kind }) => kind === 'model')).toMatchObject([{ label: 'vendor/model', requests: 8 }]);
    expect(costs.filter(({ kind }) => kind === 'day').map(({ label, cost }) => [label, cost])).toEqual([
      ['2026-03-05', '2.900000003'],
      ['2026-03-06', '0.500000000'],
    ]);
  });

  it('lists failed attempts, the latest first, a page at a time', async () => {
    const page = (limit: number, offset: number) => reports.failures('shaky', SPAN.from, { limit, offset });
    const all = await page(10, 0);
    expect(all).toMatchObject([
      { model_id: 'vendor/model', reason: 'request', call_status: 'failed' },
      { model_id: 'vendor/model', reason: null, call_status: 'failed' },
      { model_id: 'vendor/model', reason: 'timeout', call_status: 'completed' },
    ]);
    expect(await page(1, 1)).toEqual(all.slice(1, 2));
    expect(await reports.failures('steady', SPAN.from, { limit: 10, offset: 0 })).toEqual([]);
  });
});

const AN_ATTEMPT = { model: 'vendor/model', status: 'failed' };

/** On two days, five that went well, one with the help of another provider and one with the caller's own key; three that did not; and one earlier. */
const CALLS: readonly JournalLine[] = [
  aCall({ duration_ms: 100, timestamp: '2026-03-05T10:00:00.000Z' }),
  aCall({ duration_ms: 200, timestamp: '2026-03-05T10:30:00.000Z', credits_used: '1000000001.000000001' }),
  aCall({
    duration_ms: 300,
    timestamp: '2026-03-05T23:00:00.000Z',
    cost: '1.000000003',
    trace: {
      attempts: [
        { ...AN_ATTEMPT, provider: 'shaky', reason: 'timeout', wasted_cost: '0.5' },
        { ...AN_ATTEMPT, provider: 'steady', status: 'completed', reason: null },
      ],
    },
  }),
  aCall({ duration_ms: 400, timestamp: '2026-03-05T23:59:59.999Z', cost: '0', trace: { attempts: [ownKey()] } }),
  aCall({ duration_ms: 700, provider_id: 'plain', streamed: false, timestamp: '2026-03-01T00:00:00.000Z' }),
  aCall({ duration_ms: 500, timestamp: '2026-03-06T00:00:00.000Z' }),
  aCall({ duration_ms: 9_999, timestamp: '2026-03-05T10:00:00.000Z', status: 'cancelled', credits_used: '0' }),
  aCall({
    provider_id: 'shaky',
    timestamp: '2026-03-05T23:10:00.000Z',
    status: 'failed',
    credits_used: '0',
    cost: '0.4',
  }),
  aCall({
    provider_id: 'shaky',
    timestamp: '2026-03-05T23:20:00.000Z',
    status: 'failed',
    credits_used: '0',
    cost: '0',
    trace: { attempts: [{ ...AN_ATTEMPT, provider: 'shaky', reason: 'request' }] },
  }),
];

function ownKey(): object {
  return { provider: 'steady', model: 'vendor/model', status: 'completed', reason: null, own_key: true };
}

function aCall(changes: Partial<JournalLine>): JournalLine {
  return {
    id: `req_${randomUUID()}`,
    user_id: '00000000-0000-4000-8000-000000000001',
    api_key_id: '00000000-0000-4000-8000-000000000002',
    model_id: 'vendor/model',
    provider_id: 'steady',
    endpoint: '/v1/chat/completions',
    status: 'completed',
    streamed: true,
    attempts: 1,
    input_tokens: 10,
    cache_read_tokens: 2,
    cache_write_tokens: 1,
    output_tokens: 21,
    reasoning_tokens: 4,
    audio_input_tokens: 0,
    audio_output_tokens: 0,
    token_source: 'provider',
    credits_used: '1',
    cost: '0.5',
    duration_ms: 100,
    first_token_ms: 100,
    timestamp: '2026-03-05T10:00:00.000Z',
    ...changes,
  };
}
