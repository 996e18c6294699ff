import { startGateway, type Gateway } from '../support/gateway.js';
import { readPage, sumOf } from '../support/metrics-page.js';
import { queryStopped } from '../support/stopped-database.js';

const EVENTS_PER_MINUTE = 12_000;
/** How many events fit into one request. */
const MOST = 10_000;

interface Intake {
  readonly accepted: number;
  readonly rejected: readonly { readonly index: number; readonly message: string }[];
}

describe('events that an application tells', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway({ env: { ANALYTICS_EVENTS_PER_MINUTE: String(EVENTS_PER_MINUTE) } });
  });

  afterAll(() => gateway.stop());

  const tell = (events: unknown) =>
    gateway.call('/api/analytics/events', {
      method: 'POST',
      body: JSON.stringify(events),
      headers: { 'content-type': 'application/json' },
    });
  const intake = async (response: Response | Promise<Response>) => (await (await response).json()) as Intake;
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `batch-${index}`, name: 'tick', properties: { index } }));

  it('are taken one by one, an id once', async () => {
    const event = { id: 'order-1', name: 'order.paid', properties: { total: '12.50' } };
    expect(await intake(tell(event))).toEqual({ accepted: 1, rejected: [] });
    expect(await intake(tell([event, event]))).toEqual({ accepted: 2, rejected: [] });
  });

  it('are taken without those that are wrong, which are named', async () => {
    const response = await tell({ events: [{ name: 'good' }, { name: '' }, 7, { name: 'good', timestamp: 'noon' }] });
    expect(response.status).toBe(200);
    const { accepted, rejected } = await intake(response);
    expect(accepted).toBe(1);
    expect(rejected.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(rejected[2]?.message).toContain('timestamp');
  });

  it('are refused when all are wrong', async () => {
    const response = await tell([{ name: '' }, {}]);
    expect(response.status).toBe(400);
    const body = await response.json();
    expect(body).toMatchObject({ accepted: 0, error: { code: 'invalid_value', param: 'events' } });
    expect(body).toHaveProperty('rejected.length', 2);
  });

  it('come ten thousand at once, not more, and not faster than they may', async () => {
    expect((await tell(many(MOST + 1))).status).toBe(400);
    expect(await intake(tell(many(MOST)))).toEqual({ accepted: MOST, rejected: [] });
    const response = await tell(many(EVENTS_PER_MINUTE - MOST));
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(await response.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'requests' } });
    expect((await tell(many(1_000))).status).toBe(200);
  });

  it('are not read when they are larger than a body may be', async () => {
    expect((await tell({ name: 'x', properties: { text: 'x'.repeat(6_000_000) } })).status).toBe(413);
  });

  it('are counted by what became of them', async () => {
    const page = readPage(await (await gateway.call('/metrics')).text());
    const counted = (result: string) => sumOf(page, 'gatewayz_analytics_events_total', { source: 'caller', result });
    expect([counted('kept'), counted('rejected')]).toEqual([3 + 1 + MOST + 1_000, 3 + 2]);
  });

  it('are in the database once each', async () => {
    await gateway.stop();
    const rows = queryStopped(
      gateway.dataDirectory,
      'select name, count(*)::integer as events from analytics_events group by 1 order by 1',
    );
    expect(rows).toEqual([
      { name: 'good', events: 1 },
      { name: 'order.paid', events: 1 },
      { name: 'tick', events: MOST },
    ]);
  });
});
