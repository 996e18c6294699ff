import { startGateway, type Gateway } from '../support/gateway.js';

interface Stats {
  readonly caches: {
    readonly name: string;
    readonly entries: number;
    readonly bytes: number | null;
    readonly hits: number;
  }[];
}

describe('the caches of a gateway', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const stats = async (name: string) => {
    const { caches } = (await (await gateway.call('/api/cache/stats')).json()) as Stats;
    return caches.find((cache) => cache.name === name);
  };
  const clear = (query = '') => gateway.call(`/api/cache/clear${query}`, { method: 'DELETE' });

  it('tell what they hold and how often that helped', async () => {
    await gateway.call('/v1/key');
    const before = await stats('auth');
    expect(before).toMatchObject({ scope: 'process', entries: 1, capacity: expect.any(Number) as number });
    expect(before?.bytes).toBeGreaterThan(100);
    await gateway.call('/v1/key');
    expect((await stats('auth'))?.hits).toBe((before?.hits ?? 0) + 2);
  });

  it('are emptied one by one or all, which is written down', async () => {
    expect(await (await clear('?scope=auth')).json()).toEqual({ cleared: ['auth'], gateways: 1 });
    const names = ['auth', 'auth_shared', 'provider_keys', 'warm_conversations'];
    expect(await (await clear()).json()).toEqual({ cleared: names, gateways: 1 });
    expect(await stats('auth')).toMatchObject({ entries: 1, hits: expect.any(Number) as number });
    const log = (await (await gateway.call('/admin/audit-logs?action=cache.clear')).json()) as { data: object[] };
    expect(log.data).toMatchObject([{ resource: 'cache:all' }, { resource: 'cache:auth' }]);
  });

  it('are named when there is none of that name', async () => {
    const response = await clear('?scope=weather');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('auth, auth_shared');
  });
});
