import { randomUUID } from 'node:crypto';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { queryStopped } from '../support/stopped-database.js';

const MODEL = 'sandbox/echo-1';
const MOST_EVENTS = 10_000;

interface Report {
  readonly data: Record<string, string | number>[];
}

interface Intake {
  readonly accepted: number;
  readonly rejected: { readonly index: number; readonly message: string }[];
}

describe('analytics', () => {
  let gateway: Gateway;
  let strangersKey: string;

  beforeAll(async () => {
    gateway = await startGateway({ env: { SETTLEMENT_INTERVAL_MS: '50', ANALYTICS_EVENTS_PER_MINUTE: '20100' } });
    for (const more of [{}, {}, { stream: true }, { sandbox: { fault: 'status', status: 400 } }]) {
      const body = { model: MODEL, messages: [{ role: 'user', content: 'How much is that?' }], ...more };
      await (await gateway.chat(body)).text();
    }
    const made = await gateway.call('/v1/keys', {
      method: 'POST',
      body: JSON.stringify({ name: 'no admin', scopes: ['inference'] }),
      headers: { 'content-type': 'application/json' },
    });
    strangersKey = ((await made.json()) as { key: string }).key;
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const usage = (query: string, init?: RequestInit) => gateway.call(`/api/analytics/usage?${query}`, init);
  const send = (events: unknown, headers: Record<string, string> = {}) =>
    gateway.call('/api/analytics/events', {
      method: 'POST',
      body: JSON.stringify(events),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it.each(['day', 'hour', 'model', 'provider', 'key'])('tells usage by %s within seconds', async (group) => {
    await eventually(async () => {
      const { data } = (await (await usage(`group_by=${group}`)).json()) as Report;
      expect(data.reduce((sum, { requests }) => sum + Number(requests), 0)).toBe(4);
      expect(data[0]).toMatchObject({ completed: expect.any(Number) as number, cost: expect.any(String) as string });
      if (group === 'model') expect(data).toMatchObject([{ model: MODEL, failed: 1, completed: 3 }]);
    });
  });

  it('tells it as CSV, and hides what providers charge from those who are no administrators', async () => {
    const response = await usage('group_by=model&format=csv');
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
    const [head, line] = (await response.text()).split('\r\n');
    expect(head).toMatch(/^model,requests,completed,.*,credits_used,cost$/);
    expect(line).toMatch(/^sandbox\/echo-1,4,3,0,1,/);
    const headers = { authorization: `Bearer ${strangersKey}` };
    const { data } = (await (await usage('group_by=model', { headers })).json()) as Report;
    expect(data).toHaveLength(1);
    expect(data[0]).not.toHaveProperty('cost');
    expect((await usage(`user_id=${randomUUID()}`, { headers })).status).toBe(403);
  });

  it.each(['group_by=weather', 'from=yesterday', 'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'format=xml'])(
    'refuses %s',
    async (query) => {
      expect((await usage(query)).status).toBe(400);
    },
  );

  it('takes an event, or ten thousand at once, each id once', async () => {
    const event = { id: 'signed-up-1', name: 'signed_up', properties: { plan: 'pro' } };
    expect(await (await send(event)).json()).toEqual({ accepted: 1, rejected: [] });
    expect(await (await send([event])).json()).toEqual({ accepted: 1, rejected: [] });
    const many = Array.from({ length: MOST_EVENTS }, (_, index) => ({ id: `e-${index}`, name: 'clicked' }));
    const startedAt = performance.now();
    expect(await (await send({ events: many })).json()).toEqual({ accepted: MOST_EVENTS, rejected: [] });
    process.stderr.write(`${MOST_EVENTS} events in ${Math.round(performance.now() - startedAt)} ms\n`);
    expect((await send([...many, event])).status).toBe(400);
  }, 60_000);

  it('names what is wrong with single ones, and takes the others', async () => {
    const response = await send([
      { name: 'fine' },
      { name: 7 },
      'no object',
      { name: 'old', timestamp: '2001-01-01T00:00:00Z' },
    ]);
    expect(response.status).toBe(200);
    const { accepted, rejected } = (await response.json()) as Intake;
    expect([accepted, rejected.map(({ index }) => index)]).toEqual([1, [1, 2, 3]]);
    const allBad = await send([{ name: '' }]);
    expect([allBad.status, ((await allBad.json()) as Intake).rejected]).toEqual([
      400,
      [{ index: 0, message: expect.stringContaining('name must be') as string }],
    ]);
  });

  it('takes no more than the limit of a minute', async () => {
    const many = Array.from({ length: MOST_EVENTS }, () => ({ name: 'clicked' }));
    expect((await send(many)).status).toBe(200);
    const refused = await send(many);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  }, 60_000);

  it('keeps events once, and two of each call', async () => {
    await gateway.stop();
    const counts =
      'select source, name, count(*)::text as count from public.analytics_events group by 1, 2 order by 1, 2';
    const rows = queryStopped<{ source: string; name: string; count: string }>(gateway.dataDirectory, counts);
    expect(rows.filter(({ name }) => name !== 'clicked')).toMatchObject([
      { source: 'caller', name: 'fine', count: '1' },
      { source: 'caller', name: 'signed_up', count: '1' },
      { source: 'gateway', name: 'cost', count: '4' },
      { source: 'gateway', name: 'inference', count: '4' },
    ]);
  });
});
