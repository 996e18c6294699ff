import { randomUUID } from 'node:crypto';
import postgresClient from 'postgres';
import type { AnalyticsEvent } from '../../../src/analytics/analytics-event.js';
import { EventRepository } from '../../../src/analytics/persistence/event.repository.js';
import { UsageRepository } from '../../../src/analytics/persistence/usage.repository.js';
import type { Grouping } from '../../../src/analytics/usage-report.js';
import type { JournalLine } from '../../../src/billing/journal-line.js';
import { TransactionRepository } from '../../../src/billing/persistence/transaction.repository.js';
import type { DatabaseApplication } from '../../support/database.js';
import { describeStored } from '../../support/stored.js';

const DAY_MS = 86_400_000;
const ALL = 1_000;

describeStored('analytics', (store) => {
  const { onPostgres } = store;
  let database: DatabaseApplication;
  let transactions: TransactionRepository;
  let usage: UsageRepository;
  let events: EventRepository;

  beforeAll(() => {
    ({ database } = store);
    transactions = new TransactionRepository(database.service, { ANALYTICS_CALL_EVENTS: 'on' });
    usage = new UsageRepository(database.service);
    events = new EventRepository(database.service);
  });

  const settle = (...records: JournalLine[]) => transactions.settle(records.map((record) => JSON.stringify(record)));
  const report = (userId: string | undefined, groupBy: Grouping = 'day') =>
    usage.report({ userId, from: new Date('2026-03-01'), to: new Date('2026-04-01'), groupBy }, ALL);

  it('sums up the minutes that got transactions, to the nano-dollar', async () => {
    const userId = randomUUID();
    const aCall = (changes: Partial<JournalLine>) => aRecord({ user_id: userId, ...changes });
    await settle(
      aCall({ timestamp: '2026-03-05T10:00:00.000Z', credits_used: '1234567890.123456789', cost: '0.000000001' }),
      aCall({ timestamp: '2026-03-05T10:00:59.999Z', status: 'failed', credits_used: '0', cost: '0.000000002' }),
      aCall({ timestamp: '2026-03-05T10:01:00.000Z', status: 'cancelled', model_id: 'other' }),
      aCall({ timestamp: '2026-03-06T00:00:00.000Z' }),
    );
    const before = await report(userId);
    expect(await usage.aggregate(ALL)).toBe(3);
    const after = await report(userId);
    expect(after).toEqual(before);
    expect(after).toMatchObject([
      {
        label: '2026-03-05T00:00:00Z',
        requests: 3,
        completed: 1,
        failed: 1,
        cancelled: 1,
        input_tokens: 30,
        output_tokens: 60,
        reasoning_tokens: 3,
        duration_ms: 36,
        credits_used: '1234567890.623456789',
        cost: '0.250000003',
      },
      { label: '2026-03-06T00:00:00Z', requests: 1, credits_used: '0.500000000' },
    ]);
  });

  it('changes nothing when it is run again, and counts a call that comes late or twice once', async () => {
    const userId = randomUUID();
    const [early, late] = [1, 2].map(() => aRecord({ user_id: userId, timestamp: '2026-03-07T10:00:30.000Z' }));
    if (!early || !late) throw new Error('There are two.');
    await settle(early);
    expect(await usage.aggregate(ALL)).toBe(1);
    expect(await usage.aggregate(ALL)).toBe(0);
    expect(await report(userId)).toMatchObject([{ requests: 1 }]);
    await settle(late, early);
    expect(await report(userId)).toMatchObject([{ requests: 2, credits_used: '1.000000000' }]);
    await usage.aggregate(ALL);
    await settle(late, early);
    expect(await usage.aggregate(ALL)).toBe(0);
    expect(await report(userId)).toMatchObject([{ requests: 2, credits_used: '1.000000000' }]);
  });

  it('goes on where it stopped when there is more than it may do at once', async () => {
    const userId = randomUUID();
    await settle(
      ...[1, 2, 3].map((minute) => aRecord({ user_id: userId, timestamp: `2026-03-08T10:0${minute}:00.000Z` })),
    );
    expect([await usage.aggregate(2), await usage.aggregate(2), await usage.aggregate(2)]).toEqual([2, 1, 0]);
    expect(await report(userId)).toMatchObject([{ requests: 3 }]);
  });

  it('groups by hour, day, model, provider and key, of one user or of all', async () => {
    const [userId, other, key] = [randomUUID(), randomUUID(), randomUUID()];
    const at = (time: string, changes: Partial<JournalLine> = {}) =>
      aRecord({ user_id: userId, api_key_id: key, timestamp: `2026-03-09T${time}Z`, model_id: 'cheap', ...changes });
    await settle(
      at('10:59:59.999'),
      at('11:00:00.000'),
      at('11:30:00.000', { model_id: 'dear', provider_id: 'groq', credits_used: '9' }),
      at('11:30:00.000', { user_id: other }),
    );
    const labels = async (groupBy: Grouping) =>
      (await report(userId, groupBy)).map(({ label, requests }) => [label, requests]);
    expect(await labels('hour')).toEqual([
      ['2026-03-09T10:00:00Z', 1],
      ['2026-03-09T11:00:00Z', 2],
    ]);
    expect(await labels('model')).toEqual([
      ['dear', 1],
      ['cheap', 2],
    ]);
    expect(await labels('provider')).toEqual([
      ['groq', 1],
      ['sandbox', 2],
    ]);
    expect(await labels('key')).toEqual([[key, 3]]);
    expect((await report(undefined, 'key')).find(({ label }) => label === key)?.requests).toBe(4);
    const dearest = await usage.report(
      { userId, from: new Date('2026-03-09'), to: new Date('2026-03-10'), groupBy: 'model' },
      1,
    );
    expect(dearest.map(({ label }) => label)).toEqual(['dear']);
    const hour = { userId, from: new Date('2026-03-09T11:00:00Z'), to: new Date('2026-03-09T11:30:00Z') };
    expect(await usage.report({ ...hour, groupBy: 'day' }, ALL)).toMatchObject([{ requests: 1 }]);
  });

  onPostgres('loses no transaction that is being settled while minutes are summed up', async () => {
    const userId = randomUUID();
    const sql = postgresClient(store.postgresUrl, { max: 2 });
    const record = () => aRecord({ user_id: userId, timestamp: '2026-03-10T10:00:00.000Z' });
    await settle(record());
    await usage.aggregate(ALL);
    await sql.begin(async (settling) => {
      await settling`select public.settle_usage(${JSON.stringify([record()])})`;
      // The minute is someone else's now, and waits for the next time.
      expect(await usage.aggregate(ALL)).toBe(0);
    });
    expect(await usage.aggregate(ALL)).toBe(1);
    expect(await report(userId)).toMatchObject([{ requests: 2 }]);
    await sql.end();
  });

  onPostgres('agrees with the transactions after settlements and two aggregations side by side', async () => {
    const userId = randomUUID();
    const minute = (index: number) => String(index % 7).padStart(2, '0');
    let isSettling = true;
    const aggregation = async (): Promise<void> => {
      while (isSettling) await usage.aggregate(3);
    };
    const aggregations = [aggregation(), aggregation()];
    for (let index = 0; index < 60; index += 1) {
      await settle(aRecord({ user_id: userId, timestamp: `2026-03-11T10:${minute(index)}:10.000Z` }));
    }
    isSettling = false;
    await Promise.all(aggregations);
    await usage.aggregate(ALL);
    expect(await report(userId)).toMatchObject([{ requests: 60, credits_used: '30.000000000' }]);
  });

  it('keeps an event once for its user, source and id, whatever characters it holds', async () => {
    const [userId, other] = [await newUser(), await newUser()];
    const event = anEvent(userId, { properties: { 'k\0': 'a\0b', half: '\ud800', Grüße: ['👋'] } });
    await events.keep([event, event, { ...event, source: 'gateway' }, { ...event, userId: other }]);
    await events.keep([event, anEvent(randomUUID())]);
    expect((await kept(userId)).map(({ source }) => source).sort()).toEqual(['caller', 'gateway']);
    expect(await kept(other)).toHaveLength(1);
    const [row] = await kept(userId);
    expect(row).toMatchObject({ name: 'page.viewed', properties: { k: 'ab', half: '\ufffd', Grüße: ['👋'] } });
    expect(Date.parse(row?.timestamp ?? '')).toBe(event.at);
  });

  it('keeps two events of a call that was settled, each once, unless nobody wants them', async () => {
    const userId = await newUser();
    const timestamp = new Date().toISOString();
    const call = aRecord({ user_id: userId, first_token_ms: 7, timestamp });
    await settle(call, aRecord());
    await settle(call);
    const [cost, inference] = (await kept(userId)).sort((a, b) => a.name.localeCompare(b.name));
    const asked = { request_id: call.id, model: 'sandbox/echo-1', provider: 'sandbox' };
    expect(cost).toMatchObject({
      name: 'cost',
      source: 'gateway',
      id: `${call.id}:cost`,
      api_key_id: call.api_key_id,
      properties: { ...asked, credits_used: '0.500000000', cost: '0.250000000' },
    });
    expect(inference).toMatchObject({
      name: 'inference',
      properties: { ...asked, status: 'completed', duration_ms: 12, first_token_ms: 7, output_tokens: 20 },
    });
    expect(await kept(userId)).toHaveLength(2);

    const quiet = new TransactionRepository(database.service, { ANALYTICS_CALL_EVENTS: 'off' });
    await quiet.settle([JSON.stringify(aRecord({ user_id: userId, timestamp }))]);
    expect(await kept(userId)).toHaveLength(2);
  });

  it('forgets events after 30 days and minutes after 400, a part at a time', async () => {
    const userId = await newUser();
    const aged = (days: number) => Date.now() - days * DAY_MS;
    await events.keep([31, 31, 31, 29].map((days) => anEvent(userId, { at: aged(days) })));
    await settle(...[401, 399].map((days) => aRecord({ timestamp: new Date(aged(days)).toISOString() })));
    await usage.aggregate(ALL);
    expect([await events.applyRetention(2), await events.applyRetention(2), await events.applyRetention(2)]).toEqual([
      3, 1, 0,
    ]);
    expect(await kept(userId)).toHaveLength(1);
  });

  async function newUser(): Promise<string> {
    const [user] = await database.service.query({ table: 'users', operation: 'insert' }, (client) =>
      client
        .from('users')
        .insert({ email: `${randomUUID()}@example.com` })
        .select('id'),
    );
    return user?.id ?? '';
  }

  function kept(userId: string) {
    return database.service.query({ table: 'analytics_events', operation: 'select' }, (client) =>
      client.from('analytics_events').select('*').eq('user_id', userId),
    );
  }
});

function anEvent(userId: string, changes: Partial<AnalyticsEvent> = {}): AnalyticsEvent {
  return {
    userId,
    apiKeyId: randomUUID(),
    source: 'caller',
    id: randomUUID(),
    name: 'page.viewed',
    properties: {},
    at: Date.now(),
    ...changes,
  };
}

function aRecord(changes: Partial<JournalLine> = {}): JournalLine {
  return {
    id: `req_${randomUUID()}`,
    user_id: randomUUID(),
    api_key_id: randomUUID(),
    model_id: 'sandbox/echo-1',
    provider_id: 'sandbox',
    endpoint: '/v1/chat/completions',
    status: 'completed',
    streamed: false,
    attempts: 1,
    input_tokens: 10,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 20,
    reasoning_tokens: 1,
    audio_input_tokens: 0,
    audio_output_tokens: 0,
    token_source: 'provider',
    credits_used: '0.5',
    cost: '0.25',
    duration_ms: 12,
    timestamp: '2026-03-05T10:00:00.000Z',
    ...changes,
  };
}
