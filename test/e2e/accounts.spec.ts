import { randomUUID } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';

const PASSWORD = 'a long enough password';
const CHAT = { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 50 };

interface Login {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user: { readonly id: string; readonly email: string; readonly role: string; readonly credits: string };
}

interface Key {
  readonly id: string;
  readonly key: string;
  readonly last4: string;
  readonly last_used_at: string | null;
}

let sandbox: Sandbox;
let gateway: Gateway;

beforeAll(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({
    env: { SANDBOX_BASE_URL: sandbox.url, SIGNUP_CREDITS: '5', LOGINS_PER_MINUTE: '200', SETTLEMENT_INTERVAL_MS: '50' },
  });
});

afterAll(async () => {
  await gateway.stop();
  await sandbox.close();
});

/** A request with this credential, or with the administrator's key. */
async function send(
  method: string,
  path: string,
  { body, as }: { body?: object; as?: string } = {},
): Promise<Response> {
  return gateway.call(path, {
    method,
    headers: { 'content-type': 'application/json', ...(as !== undefined && { authorization: `Bearer ${as}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function read<Body>(response: Response | Promise<Response>, status = 200): Promise<Body> {
  const answered = await response;
  const body = (await answered.json()) as Body;
  if (answered.status !== status) throw new Error(`${answered.status} ${JSON.stringify(body)}`);
  return body;
}

async function logIn(email = `${randomUUID()}@example.com`): Promise<Login> {
  await read(send('POST', '/auth/register', { body: { email, password: PASSWORD } }), 202);
  return read<Login>(send('POST', '/auth/login', { body: { email, password: PASSWORD } }));
}

const makeKey = (as: string, settings: object = {}): Promise<Key> =>
  read<Key>(send('POST', '/v1/keys', { as, body: { name: 'a key', ...settings } }), 201);

const chat = (key: string, changes: object = {}): Promise<Response> =>
  gateway.chat({ ...CHAT, ...changes }, { headers: { authorization: `Bearer ${key}` } });

async function errorOf(response: Promise<Response>): Promise<[number, string | undefined]> {
  const answered = await response;
  const { error } = (await answered.json()) as { error?: { code: string } };
  return [answered.status, error?.code];
}

describe('people', () => {
  it('register, log in, and begin with credits', async () => {
    const login = await logIn('Ada@example.com');
    expect(login.user).toMatchObject({ email: expect.stringMatching(/ada@example\.com/i) as string, role: 'user' });
    const me = await read<Login['user']>(send('GET', '/auth/me', { as: login.access_token }));
    expect(me).toMatchObject({ id: login.user.id, credits: '5.000000000' });
  });

  it('cannot be told from strangers by who tries to register or to log in', async () => {
    const { user } = await logIn();
    const register = (email: string) =>
      send('POST', '/auth/register', { body: { email, password: 'another password' } });
    const [known, unknown] = [await register(user.email), await register(`${randomUUID()}@example.com`)];
    expect([known.status, unknown.status]).toEqual([202, 202]);
    const [first, second] = (await Promise.all([known.json(), unknown.json()])) as Record<string, unknown>[];
    expect({ ...first, email: '' }).toEqual({ ...second, email: '' });
    const tryIn = async (email: string): Promise<[number, string | undefined, number]> => {
      const startedAt = performance.now();
      const answer = await errorOf(send('POST', '/auth/login', { body: { email, password: 'a wrong password' } }));
      return [...answer, performance.now() - startedAt];
    };
    const [wrong, nobody] = [await tryIn(user.email), await tryIn(`${randomUUID()}@example.com`)];
    expect(wrong.slice(0, 2)).toEqual([401, 'invalid_login']);
    expect(nobody.slice(0, 2)).toEqual([401, 'invalid_login']);
    expect(Math.min(wrong[2], nobody[2])).toBeGreaterThanOrEqual(395);
  });

  it.each([
    [{ email: 'no e-mail', password: PASSWORD }, 'email'],
    [{ email: 'x@example.com', password: 'short' }, 'password'],
    [{ email: 'x@example.com', password: PASSWORD, role: 'admin' }, 'role'],
    [{ email: 'x@example.com' }, 'password'],
  ])('are told what is wrong with %j', async (body, param) => {
    const response = await send('POST', '/auth/register', { body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it('stay logged in by refreshing, and are logged out for good', async () => {
    const first = await logIn();
    const second = await read<Login>(send('POST', '/auth/refresh', { body: { refresh_token: first.refresh_token } }));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await send('POST', '/auth/logout', { as: second.access_token })).status).toBe(204);
    expect(await errorOf(send('GET', '/auth/me', { as: second.access_token }))).toEqual([401, 'invalid_session']);
    expect(await errorOf(send('GET', '/auth/me', { as: first.access_token }))).toEqual([401, 'invalid_session']);
    const again = send('POST', '/auth/refresh', { body: { refresh_token: second.refresh_token } });
    expect(await errorOf(again)).toEqual([401, 'invalid_session']);
  });

  it('are nobody with a forged or foreign token', async () => {
    const { access_token: token } = await logIn();
    const [head = '', , signature = ''] = token.split('.');
    const forged = `${head}.${Buffer.from(JSON.stringify({ sub: randomUUID(), session_id: 'x' })).toString('base64url')}`;
    for (const bad of [`${forged}.${signature}`, `${token}x`, 'not.a.token']) {
      expect(await errorOf(send('GET', '/auth/me', { as: bad }))).toEqual([401, 'invalid_session']);
    }
    expect(await errorOf(chat(token))).toEqual([401, 'invalid_api_key']);
  });

  it('leave their password in no log', () => {
    expect(gateway.logs()).not.toContain(PASSWORD);
  });
});

describe('keys', () => {
  let login: Login;

  beforeAll(async () => {
    login = await logIn();
  });

  it('are shown once, work, and tell what they are', async () => {
    const made = await makeKey(login.access_token, { name: 'first', budget: { day: 1.5 }, rate_limit: 100 });
    expect(made.key).toMatch(/^gw_live_/);
    expect(made.key.endsWith(made.last4)).toBe(true);
    const response = await chat(made.key);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('100');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('99');
    const { data } = await read<{ data: object[] }>(send('GET', '/v1/keys', { as: login.access_token }));
    expect(data).toContainEqual(expect.objectContaining({ id: made.id, name: 'first', budget: { day: '1.5' } }));
    expect(JSON.stringify(data)).not.toContain(made.key);
    expect(await read(send('GET', '/v1/key', { as: made.key }))).toMatchObject({ id: made.id });
  });

  it('are changed at once, and only what is named', async () => {
    const made = await makeKey(login.access_token, { concurrency_limit: 3 });
    expect((await chat(made.key)).status).toBe(200);
    const changes = { allowed_models: ['openai/*'], rate_limit: 5 };
    const changed = await read(send('PATCH', `/v1/keys/${made.id}`, { as: login.access_token, body: changes }));
    expect(changed).toMatchObject({ ...changes, concurrency_limit: 3, name: 'a key' });
    expect(await errorOf(chat(made.key))).toEqual([403, 'model_not_allowed']);
    const freed = { allowed_models: null };
    await read(send('PATCH', `/v1/keys/${made.id}`, { as: login.access_token, body: freed }));
    expect((await chat(made.key)).status).toBe(200);
  });

  it('are revoked at once', async () => {
    const made = await makeKey(login.access_token);
    expect((await chat(made.key)).status).toBe(200);
    await read(send('DELETE', `/v1/keys/${made.id}`, { as: login.access_token }));
    expect(await errorOf(chat(made.key))).toEqual([401, 'api_key_revoked']);
  });

  it('are rotated with both secrets at work, or the new one only', async () => {
    const first = await makeKey(login.access_token);
    const rotate = (body: object) =>
      read<Key>(send('POST', `/v1/keys/${first.id}/rotate`, { as: login.access_token, body }));
    const second = await rotate({});
    expect([(await chat(first.key)).status, (await chat(second.key)).status]).toEqual([200, 200]);
    const third = await rotate({ overlap_seconds: 0 });
    expect(await errorOf(chat(first.key))).toEqual([401, 'invalid_api_key']);
    expect(await errorOf(chat(second.key))).toEqual([401, 'api_key_expired']);
    expect((await chat(third.key)).status).toBe(200);
  });

  it('expire', async () => {
    const expires_at = new Date(Date.now() - 1_000).toISOString();
    const made = await makeKey(login.access_token, { expires_at });
    expect(await errorOf(chat(made.key))).toEqual([401, 'api_key_expired']);
  });

  it('work only from the addresses that they name', async () => {
    const far = await makeKey(login.access_token, { allowed_ips: ['192.0.2.0/24', '2001:db8::/32'] });
    expect(await errorOf(chat(far.key))).toEqual([403, 'ip_not_allowed']);
    const near = await makeKey(login.access_token, { allowed_ips: ['127.0.0.0/8'] });
    expect((await chat(near.key)).status).toBe(200);
  });

  it('pass on no more rights than they have', async () => {
    const plain = await makeKey(login.access_token);
    expect(await errorOf(send('GET', '/v1/keys', { as: plain.key }))).toEqual([403, 'scope_missing']);
    const manager = await makeKey(login.access_token, { scopes: ['keys'] });
    const wider = send('POST', '/v1/keys', { as: manager.key, body: { name: 'wider', scopes: ['inference'] } });
    expect(await errorOf(wider)).toEqual([403, 'scope_missing']);
    expect(await errorOf(chat(manager.key))).toEqual([403, 'scope_missing']);
    const admin = send('POST', '/v1/keys', { as: login.access_token, body: { name: 'admin', scopes: ['admin'] } });
    expect(await errorOf(admin)).toEqual([403, 'admin_required']);
    const limited = await makeKey(login.access_token, { scopes: ['keys'], rate_limit: 5 });
    const free = send('POST', '/v1/keys', { as: limited.key, body: { name: 'free', scopes: ['keys'] } });
    expect(await errorOf(free)).toEqual([403, 'key_restricted']);
  });

  it('of others do not exist', async () => {
    const made = await makeKey(login.access_token);
    const { access_token: stranger } = await logIn();
    expect((await send('DELETE', `/v1/keys/${made.id}`, { as: stranger })).status).toBe(404);
    expect((await send('GET', `/v1/keys/${made.id}`, { as: stranger })).status).toBe(404);
    expect((await chat(made.key)).status).toBe(200);
  });

  it.each([
    [{}, 'name'],
    [{ name: 'x', colour: 'red' }, 'colour'],
    [{ name: 'x', rate_limit: 0 }, 'rate_limit'],
    [{ name: 'x', allowed_ips: ['10.0.0.0/33'] }, 'allowed_ips'],
    [{ name: 'x', scopes: ['everything'] }, 'scopes'],
    [{ name: 'x', expires_at: 'tomorrow' }, 'expires_at'],
    [{ name: 'x', budget: { day: 'much' } }, 'budget.day'],
    [{ name: 'x', budget: { year: '1' } }, 'budget.year'],
  ])('are not made of %j', async (body, param) => {
    const response = await send('POST', '/v1/keys', { as: login.access_token, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it('refuse a rush by the limits that their headers tell', async () => {
    const made = await makeKey(login.access_token, { rate_limit: 2, token_limit: 500 });
    const answers = [await chat(made.key), await chat(made.key), await chat(made.key)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const [, , refused] = answers;
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused?.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(refused?.headers.get('x-ratelimit-reset-requests')).toMatch(/^(?:1m\d+s|\d+s)$/);
    expect(await refused?.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'requests' } });
  });
});

describe('administrators', () => {
  it('see and change users, and every change is written down', async () => {
    const login = await logIn();
    expect(await errorOf(send('GET', '/admin/users', { as: login.access_token }))).toEqual([403, 'admin_required']);
    const found = await read<{ data: object[] }>(send('GET', `/admin/users?q=${login.user.email.slice(0, 20)}`));
    expect(found.data).toEqual([expect.objectContaining({ id: login.user.id, credits: '5.000000000' })]);
    await read(send('PATCH', `/admin/users/${login.user.id}`, { body: { role: 'admin', credit_line: '2.5' } }));
    expect((await send('GET', '/admin/users', { as: login.access_token })).status).toBe(200);
    const grant = { amount: '1.25', reference: randomUUID(), note: 'for nothing' };
    await read(send('POST', `/admin/users/${login.user.id}/credits`, { body: grant }));
    const made = await makeKey(login.access_token);
    const { data } = await read<{ data: { action: string; resource: string; detail: object; address: string }[] }>(
      send('GET', '/admin/audit-logs?limit=20'),
    );
    expect(data.slice(0, 4).map(({ action }) => action)).toEqual([
      'api_key.created',
      'credits.moved',
      'user.changed',
      'user.registered',
    ]);
    expect(data[1]).toMatchObject({
      detail: { amount: '1.250000000', note: 'for nothing' },
      address: expect.stringContaining('127.0.0.1') as string,
    });
    expect(data[0]?.resource).toBe(`api_key:${made.id}`);
    expect(JSON.stringify(data)).not.toContain(made.key);
    const page = await read<{ data: object[]; next: number }>(send('GET', '/admin/audit-logs?limit=1'));
    const rest = await read<{ data: object[] }>(send('GET', `/admin/audit-logs?limit=1&after=${page.next}`));
    expect(rest.data).toEqual([data[1]]);
  });

  it('read when a key was used last once the gateway has written it down', async () => {
    const login = await logIn();
    const made = await makeKey(login.access_token);
    expect((await chat(made.key)).status).toBe(200);
    await gateway.stop();
    gateway = await gateway.restart();
    await eventually(async () => {
      const own = await read<Key>(send('GET', '/v1/key', { as: made.key }));
      expect(own.last_used_at).not.toBeNull();
    }, 20_000);
  });
});
