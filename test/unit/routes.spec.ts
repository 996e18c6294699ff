import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Caller } from '../../src/auth/caller.js';
import { AuthenticationError } from '../../src/auth/auth-errors.js';
import { ApiKeyService } from '../../src/auth/services/api-key.service.js';
import { RouteTable } from '../../src/platform/http/route-table.js';
import { aCaller } from '../support/caller.js';
import { startApplication } from '../support/application.js';

type Access = 'public' | 'any key' | 'inference' | 'accounts' | 'admin' | 'metrics token' | 'a session';

/** Every route there is, and whom it lets in. A new one is added here by whoever decides that. */
const ROUTES: Readonly<Record<string, Access>> = {
  'POST /auth/register': 'public',
  'POST /auth/login': 'public',
  'POST /auth/refresh': 'public',
  'POST /auth/logout': 'a session',
  'GET /auth/me': 'accounts',
  'POST /v1/keys': 'accounts',
  'GET /v1/keys': 'accounts',
  'GET /v1/keys/:id': 'accounts',
  'PATCH /v1/keys/:id': 'accounts',
  'DELETE /v1/keys/:id': 'accounts',
  'POST /v1/keys/:id/rotate': 'accounts',
  'GET /v1/key': 'any key',
  'GET /admin/users': 'admin',
  'PATCH /admin/users/:id': 'admin',
  'POST /admin/users/:id/credits': 'admin',
  'GET /admin/audit-logs': 'admin',
  'GET /admin/models': 'admin',
  'GET /admin/models/:id': 'admin',
  'PATCH /admin/models/:id': 'admin',
  'GET /admin/providers': 'admin',
  'PATCH /admin/providers/:id': 'admin',
  'GET /admin/model-lists': 'admin',
  'POST /admin/model-lists/:source/accept': 'admin',
  'POST /v1/chat/completions': 'inference',
  'GET /v1/provider-keys': 'accounts',
  'PUT /v1/provider-keys/:provider': 'accounts',
  'DELETE /v1/provider-keys/:provider': 'accounts',
  'GET /v1/generations/:id': 'any key',
  'GET /v1/chat/history': 'any key',
  'GET /v1/chat/history/:conversation_id': 'any key',
  'DELETE /v1/chat/history': 'any key',
  'DELETE /v1/chat/history/:conversation_id': 'any key',
  'GET /v1/credits': 'any key',
  'GET /v1/credits/ledger': 'any key',
  'POST /api/analytics/events': 'any key',
  'GET /api/analytics/usage': 'any key',
  'GET /circuit-breakers': 'admin',
  'POST /circuit-breakers/:provider/reset': 'admin',
  'GET /availability/models': 'any key',
  'GET /availability/model/:id': 'any key',
  'GET /availability/summary': 'any key',
  'GET /availability/fallback/:id': 'any key',
  'GET /availability/best/:id': 'any key',
  'PUT /availability/maintenance/:id': 'admin',
  'DELETE /availability/maintenance/:id': 'admin',
  'GET /v1/models': 'public',
  'GET /v1/models/:id': 'public',
  'GET /models': 'public',
  'GET /health': 'public',
  'GET /api/health': 'public',
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'GET /health/system': 'public',
  'GET /health/providers': 'any key',
  'GET /health/providers/:id': 'any key',
  'GET /health/models': 'any key',
  'GET /health/models/:id': 'any key',
  'GET /api/cache/stats': 'admin',
  'DELETE /api/cache/clear': 'admin',
  'GET /api/monitoring/errors/:provider': 'admin',
  'GET /api/monitoring/stats/realtime': 'admin',
  'GET /api/monitoring/stats/hourly/:provider': 'admin',
  'GET /api/monitoring/circuit-breakers': 'admin',
  'GET /api/monitoring/providers/comparison': 'admin',
  'GET /api/monitoring/latency/:provider/:id': 'admin',
  'GET /api/monitoring/latency-trends/:provider': 'admin',
  'GET /api/monitoring/error-rates': 'admin',
  'GET /api/monitoring/token-efficiency/:provider/:id': 'admin',
  'GET /api/monitoring/cost-analysis': 'admin',
  'GET /api/monitoring/anomalies': 'admin',
  'GET /api/monitoring/health': 'admin',
  'GET /api/monitoring/health/:provider': 'admin',
  'GET /metrics': 'metrics token',
  'GET /prometheus/metrics': 'metrics token',
  'GET /api/metrics/prometheus': 'metrics token',
  'GET /prometheus/metrics/summary': 'metrics token',
  'GET /api/metrics/summary': 'metrics token',
  'GET /prometheus/metrics/:group': 'metrics token',
};

const METRICS_TOKEN = 'the-metrics-token';
const CALLERS: Readonly<Record<string, Caller>> = {
  'gw_a-poor-key': aCaller({ scopes: [] }),
  'gw_an-inference-key': aCaller({ scopes: ['inference'] }),
  'gw_a-managing-key': aCaller({ scopes: ['keys'] }),
  'gw_an-admins-key': aCaller({ scopes: ['admin'], isAdmin: true }),
};

/** Stands for the database, in which these keys would be. */
const KEYS: Pick<ApiKeyService, 'authenticate'> = {
  authenticate: (presented) => {
    const caller = CALLERS[presented];
    return caller ? Promise.resolve(caller) : Promise.reject(new AuthenticationError('invalid_api_key'));
  },
};

describe('the routes', () => {
  let app: NestExpressApplication;
  let url: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ app, url, close } = await startApplication({ METRICS_TOKEN }, (builder) =>
      builder.overrideProvider(ApiKeyService).useValue(KEYS),
    ));
  });

  afterAll(() => close());

  it('are the ones of this table, and no others', () => {
    const routes = app.get(RouteTable).all();
    const found = routes.flatMap(({ methods, path }) => methods.map((method) => `${method} ${path}`));
    expect(found.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(Object.entries(ROUTES))('%s is open to: %s', async (route, access) => {
    expect(await accessOf(route)).toBe(access);
  });

  it.each(['POST /v1/chat/completions?by=express', 'POST /v1/chat/completions/'])(
    '%s, which the fast lane does not take, is guarded as well',
    async (route) => {
      expect(await accessOf(route)).toBe('inference');
    },
  );

  async function accessOf(route: string): Promise<Access> {
    if (await letsIn(route)) return 'public';
    if (await letsIn(route, 'gw_a-poor-key')) return 'any key';
    if (await letsIn(route, 'gw_an-inference-key')) return 'inference';
    if (await letsIn(route, 'gw_a-managing-key')) return 'accounts';
    if (await letsIn(route, 'gw_an-admins-key')) return 'admin';
    return (await letsIn(route, METRICS_TOKEN)) ? 'metrics token' : 'a session';
  }

  /** Whether the guards do; what the route itself makes of so poor a request is all the same. */
  async function letsIn(route: string, credential?: string): Promise<boolean> {
    const [method = '', path = ''] = route.split(' ');
    const headers: Record<string, string> = credential ? { authorization: `Bearer ${credential}` } : {};
    const { status } = await fetch(url + path.replaceAll(/:\w+/g, 'anything'), { method, headers });
    expect(status).not.toBe(500);
    return status !== 401 && status !== 403;
  }
});
