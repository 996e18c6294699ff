import { createHmac, randomUUID } from 'node:crypto';
import type { JournalLine } from '../../../src/billing/journal-line.js';
import { TransactionRepository } from '../../../src/billing/persistence/transaction.repository.js';
import { readEnv } from '../../../src/config/env.js';
import { AnomalyQuery } from '../../../src/monitoring/anomalies/anomaly-query.js';
import { BUCKET_MS } from '../../../src/monitoring/anomalies/series.js';
import type { ToldAnomaly } from '../../../src/monitoring/anomalies/told-anomaly.js';
import { AnomalyMetrics } from '../../../src/monitoring/anomaly.metrics.js';
import { AnomalyRepository } from '../../../src/monitoring/persistence/anomaly.repository.js';
import { AlertService } from '../../../src/monitoring/services/alert.service.js';
import { AnomalyService } from '../../../src/monitoring/services/anomaly.service.js';
import { Topic } from '../../../src/platform/events/topic.js';
import { LeaderService } from '../../../src/platform/scheduling/leader.service.js';
import { LocalLeases } from '../../../src/platform/scheduling/local-leases.js';
import { answersStatus } from '../../support/chat-answers.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import type { DatabaseApplication } from '../../support/database.js';
import { describeStored } from '../../support/stored.js';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 18, 14);
const CALLS = 20;
const SECRET = 'a shared secret';

describeStored('anomalies', (store) => {
  const userId = randomUUID();
  const apiKeyId = randomUUID();
  let database: DatabaseApplication;
  let receiver: ScriptedServer;
  let transactions: TransactionRepository;
  let anomalies: AnomalyService;
  let alerts: AlertService;
  const told: string[] = [];

  beforeAll(async () => {
    ({ database } = store);
    receiver = await ScriptedServer.start(answersStatus(500));
    const env = readEnv({ ALERT_WEBHOOK_URL: receiver.url, ALERT_WEBHOOK_SECRET: SECRET, ALERT_SEVERITY: 'low' });
    const leader = new LeaderService(new LocalLeases(), database.metrics);
    const repository = new AnomalyRepository(database.service);
    transactions = new TransactionRepository(database.service, { ANALYTICS_CALL_EVENTS: 'on' });
    const topic = new Topic<ToldAnomaly>('anomalies');
    new AnomalyMetrics(database.metrics, topic);
    topic.listen(({ event, anomaly }) => told.push(`${event} ${anomaly.series} ${anomaly.measure}`));
    anomalies = new AnomalyService(env, leader, database.service, repository, topic);
    alerts = new AlertService(env, leader, database.service, repository);
    const steps = Array.from({ length: 13 }, (_, step) => step - 6);
    const times = [1, 2, 3, 4].flatMap((day) => steps.map((step) => NOW - day * DAY_MS + step * BUCKET_MS));
    await transactions.settle(times.flatMap(normalLines));
  }, 90_000);

  afterAll(async () => {
    await receiver.close();
  });

  const lines = (at: number, changes: Partial<JournalLine> = {}) =>
    Array.from({ length: CALLS }, (_, call) => JSON.stringify(aRecord(at + call * 1_000, changes)));
  const normalLines = (at: number) => [...lines(at), ...lines(at, { provider_id: 'flaky' })];
  const settle = (at: number, changes: Partial<JournalLine> = {}) => transactions.settle(lines(at, changes));
  const aRecord = (at: number, changes: Partial<JournalLine>): JournalLine => ({
    id: randomUUID(),
    user_id: userId,
    api_key_id: apiKeyId,
    model_id: 'a/model',
    provider_id: 'steady',
    endpoint: '/v1/chat/completions',
    status: 'completed',
    streamed: false,
    attempts: 1,
    input_tokens: 100,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 50,
    reasoning_tokens: 0,
    audio_input_tokens: 0,
    audio_output_tokens: 0,
    token_source: 'provider',
    credits_used: '0.01',
    cost: '0.01',
    duration_ms: 1_000 + (at % 7) * 20,
    timestamp: new Date(at).toISOString(),
    ...changes,
  });
  const normal = (at: number) => transactions.settle(normalLines(at));
  const found = async (filter: Partial<AnomalyQuery> = {}) =>
    (await anomalies.list(Object.assign(new AnomalyQuery(), filter), 100)) as {
      type: string;
      provider: string | null;
      model: string | null;
      measure: string;
      explanation: string;
    }[];
  const names = (rows: Awaited<ReturnType<typeof found>>) =>
    rows.map(({ measure, provider, model }) => [measure, provider, model].filter(Boolean).join(' ')).sort();

  it('are not found where all is as usual', async () => {
    await normal(NOW);
    await anomalies.look(NOW);
    expect(await found()).toEqual([]);
  });

  it('are found in usage and in traces, and kept once however often somebody looks', async () => {
    const at = NOW + BUCKET_MS;
    await settle(at, { duration_ms: 9_000 });
    // Nobody noticed: another provider served these calls.
    const attempts = [
      { provider: 'flaky', model: 'a/model', status: 'failed', reason: 'status' },
      { provider: 'steady', model: 'a/model', status: 'completed', reason: null },
    ];
    await settle(at, { attempts: 2, duration_ms: 9_000, trace: { attempts } });
    await anomalies.look(at);
    await anomalies.look(at);
    expect(names(await found({ state: 'open' }))).toEqual([
      'error_rate flaky',
      'error_rate flaky a/model',
      'latency steady',
      'latency steady a/model',
    ]);
    const [surge] = await found({ type: 'error_surge', provider: 'flaky' });
    expect(surge?.explanation).toMatch(/^The error rate of .*flaky is 100\.0 %, where 0\.0 % is usual at this hour/);
    expect(await found({ type: 'cost_spike' })).toEqual([]);
    const page = await database.metrics.render(['providers']);
    expect(page).toContain('gatewayz_detected_anomalies_total{type="error_surge",severity="critical"} 2\n');
  });

  it('are told once, however often the receiver is away, and signed', async () => {
    await alerts.send();
    expect(receiver.requests).toHaveLength(4);
    receiver.answer = answersStatus(204);
    await alerts.send();
    expect(receiver.requests).toHaveLength(4);
    await dueNow();
    await alerts.send();
    await dueNow();
    await alerts.send();
    expect(receiver.requests).toHaveLength(8);
    const [first] = receiver.requests;
    const signature = createHmac('sha256', SECRET)
      .update(first?.body ?? '')
      .digest('hex');
    expect(first?.message.headers['x-gatewayz-signature']).toBe(`sha256=${signature}`);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ event: 'anomaly.begin', ended_at: null });
  });

  it('end when all is usual again, which is told, too', async () => {
    for (const step of [2, 3]) {
      await normal(NOW + step * BUCKET_MS);
      await anomalies.look(NOW + step * BUCKET_MS);
    }
    expect(await found({ state: 'open' })).toEqual([]);
    expect(await found({ state: 'ended' })).toHaveLength(4);
    const names = ['model:flaky:a/model error_rate', 'model:steady:a/model latency'];
    const providers = ['provider:flaky error_rate', 'provider:steady latency'];
    expect(told.toSorted()).toEqual(
      ['begin', 'end'].flatMap((event) => [...names, ...providers].map((name) => `${event} ${name}`)),
    );
    receiver.requests.length = 0;
    await alerts.send();
    expect(receiver.requests.map(({ body }) => (JSON.parse(body) as { event: string }).event)).toEqual(
      Array.from({ length: 4 }, () => 'anomaly.end'),
    );
  });

  it('are the key’s alone where a client asks for what nobody can serve', async () => {
    const at = NOW + 4 * BUCKET_MS;
    const attempts = [{ provider: 'steady', model: 'a/model', status: 'failed', reason: 'request' }];
    await normal(at);
    await settle(at, { status: 'failed', trace: { attempts } });
    await anomalies.look(at);
    expect(names(await found({ state: 'open', type: 'error_surge' }))).toEqual(['error_rate']);
    await alerts.send();
  });

  it('are told no second time within the cool-down', async () => {
    receiver.requests.length = 0;
    const at = NOW + 5 * BUCKET_MS;
    await settle(at, { duration_ms: 9_000 });
    await settle(at, { provider_id: 'flaky' });
    await anomalies.look(at);
    expect(names(await found({ state: 'open', type: 'latency_spike' }))).toEqual([
      'latency steady',
      'latency steady a/model',
    ]);
    await alerts.send();
    expect(receiver.requests).toEqual([]);
  });

  const dueNow = () =>
    database.service.query({ table: 'anomaly_alerts', operation: 'update' }, (client) =>
      client
        .from('anomaly_alerts')
        .update({ next_try_at: new Date(0).toISOString() })
        .not('next_try_at', 'is', null)
        .select('anomaly_id'),
    );
});
