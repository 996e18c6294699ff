import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Caller } from '../../src/auth/caller.js';
import { AuthenticationError } from '../../src/auth/auth-errors.js';
import { ApiKeyService } from '../../src/auth/services/api-key.service.js';
import { RouteTable } from '../../src/platform/http/route-table.js';
import { startApplication } from '../support/application.js';

type Access = 'public' | 'caller' | 'admin' | 'metrics token';

/** Every route there is, and whom it lets in. A new one is added here by whoever decides that. */
const ROUTES: Readonly<Record<string, Access>> = {
  'POST /v1/chat/completions': 'caller',
  'GET /v1/chat/history': 'caller',
  'GET /v1/chat/history/:conversation_id': 'caller',
  'DELETE /v1/chat/history': 'caller',
  'DELETE /v1/chat/history/:conversation_id': 'caller',
  'GET /v1/credits': 'caller',
  'GET /v1/credits/ledger': 'caller',
  'POST /admin/users/:id/credits': 'admin',
  'GET /v1/models': 'public',
  'GET /v1/models/:id': 'public',
  'GET /models': 'public',
  'GET /health': 'public',
  'GET /api/health': 'public',
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'GET /metrics': 'metrics token',
};

const METRICS_TOKEN = 'the-metrics-token';
const NO_LIMITS = { requestsPerMinute: undefined, tokensPerMinute: undefined, concurrency: undefined, budget: {} };
const CALLERS: Readonly<Record<string, Caller>> = {
  'a-callers-key': { userId: 'u1', apiKeyId: 'k1', isAdmin: false, scopes: [], limits: NO_LIMITS },
  'an-admins-key': { userId: 'u2', apiKeyId: 'k2', isAdmin: true, scopes: [], limits: NO_LIMITS },
};

/** Stands for the database, in which these two keys would be. */
const KEYS: Pick<ApiKeyService, 'authenticate'> = {
  authenticate: (presented) => {
    const caller = CALLERS[presented];
    return caller ? Promise.resolve(caller) : Promise.reject(new AuthenticationError('invalid_api_key'));
  },
};

describe('the routes', () => {
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    ({ app, url } = await startApplication({ METRICS_TOKEN }, (builder) =>
      builder.overrideProvider(ApiKeyService).useValue(KEYS),
    ));
  });

  afterAll(() => app.close());

  it('are the ones of this table, and no others', () => {
    const routes = app.get(RouteTable).all();
    const found = routes.flatMap(({ methods, path }) => methods.map((method) => `${method} ${path}`));
    expect(found.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(Object.entries(ROUTES))('%s is open to: %s', async (route, access) => {
    expect(await accessOf(route)).toBe(access);
  });

  async function accessOf(route: string): Promise<Access | 'nobody'> {
    if (await letsIn(route)) return 'public';
    if (await letsIn(route, 'a-callers-key')) return 'caller';
    if (await letsIn(route, 'an-admins-key')) return 'admin';
    return (await letsIn(route, METRICS_TOKEN)) ? 'metrics token' : 'nobody';
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
