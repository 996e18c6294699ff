import { readdirSync } from 'node:fs';
import postgres from 'postgres';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { findPostgres, freePort, startPostgres, type Postgres } from '../support/postgres.js';

const bin = findPostgres();
const PEPPER = { API_KEY_PEPPER: 'a pepper of more than thirty-two characters' };
const GOOD = { model: 'sandbox/echo-1', messages: [{ role: 'user', content: 'Hello' }] };

(bin ? describe : describe.skip)('on a PostgreSQL of its own', () => {
  let sandbox: Sandbox;
  let server: Postgres;
  let sql: postgres.Sql;
  let gateways: Gateway[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox();
    server = await startPostgres(bin ?? '');
    sql = postgres(server.url, { max: 2 });
  });

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await sql.end();
    await server.stop();
    await sandbox.close();
  });

  const env = () => ({
    ...PEPPER,
    DATABASE_URL: server.url,
    SANDBOX_BASE_URL: sandbox.url,
    SETTLEMENT_INTERVAL_MS: '50',
  });

  it('two gateways that start at once apply the migrations once, and make one administrator', async () => {
    const anyKey = { key: 'gw_live_none', dataDirectory: undefined as never };
    // The key is printed by the one that was first; both must come up.
    const started = await Promise.all([
      startGateway({ env: env(), after: anyKey }),
      startGateway({ env: env(), after: anyKey }),
    ]);
    await Promise.all(
      started.map((gateway) =>
        eventually(async () => {
          expect((await gateway.call('/health/ready')).status).toBe(200);
        }, 20_000),
      ),
    );
    await eventually(() => {
      expect(started.filter((gateway) => /gw_live_\w{49}/.test(gateway.logs()))).toHaveLength(1);
    });
    const [key = ''] =
      started
        .map((gateway) => gateway.logs())
        .join('')
        .match(/gw_live_\w{49}/) ?? [];
    gateways = started.map((gateway) => ({
      ...gateway,
      chat: (body) =>
        fetch(`${gateway.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
    }));
    const versions = await sql<
      { version: string }[]
    >`select version from supabase_migrations.schema_migrations order by 1`;
    expect(versions.map(({ version }) => version)).toEqual(migrations());
    expect(await sql`select role from public.users`).toEqual([{ role: 'admin' }]);
  });

  it('both serve the key, and every call is one row, to the nano-dollar', async () => {
    const calls = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const response = await gateways[index % 2]?.chat(GOOD);
        await response?.json();
        return { id: response?.headers.get('x-request-id'), cost: response?.headers.get('x-gatewayz-cost') };
      }),
    );
    await eventually(async () => {
      expect(await sql`select id from public.user_transactions`).toHaveLength(40);
    });
    const rows = await sql`select id, credits_used::text as cost from public.user_transactions`;
    expect([...rows].sort(byId)).toEqual([...calls].sort(byId));
  });

  it('money crosses as text, and a record that comes twice counts once', async () => {
    const record = {
      ...((await sql`select * from public.user_transactions limit 1`)[0] as Record<string, unknown>),
      id: 'req_twice',
      cost: '12345678901.123456789',
    };
    const settle = async () => sql`select debited from public.settle_usage(${JSON.stringify([record, record])})`;
    const first = await settle();
    expect(first).toHaveLength(1);
    expect(await settle()).toEqual(first);
    expect(await sql`select cost::text from public.user_transactions where id = 'req_twice'`).toEqual([
      { cost: '12345678901.123456789' },
    ]);
  });

  it.each(['anon', 'authenticated'])('%s sees no row and may call nothing', async (role) => {
    const as = (query: string) =>
      sql.begin(async (transaction) => {
        await transaction.unsafe(`set local role ${role}`);
        return [...(await transaction.unsafe(query))];
      });
    const refusal = { code: '42501' };
    for (const table of ['users', 'api_keys', 'user_transactions', 'chat_history']) {
      // Row-level security hides every row, also where Lite grants the table itself.
      expect(await as(`select * from public.${table}`).catch(() => [])).toEqual([]);
    }
    await expect(as("select public.settle_usage('[]')")).rejects.toMatchObject(refusal);
    await expect(as('select public.apply_retention()')).rejects.toMatchObject(refusal);
    await expect(as("select public.keep_chat_history('[]')")).rejects.toMatchObject(refusal);
    await expect(as('select public.forget_chat_history(null, null)')).rejects.toMatchObject(refusal);
    await expect(as("select public.bootstrap_admin('a', 'b', 'c', 'd')")).rejects.toMatchObject(refusal);
  });

  it('a database that comes later is found', async () => {
    const port = await freePort();
    const options = { env: { ...env(), DATABASE_URL: `postgres://gatewayz@127.0.0.1:${port}/postgres` } };
    const after = { key: 'none', dataDirectory: undefined as never };
    const gateway = await startGateway({ ...options, after, isDatabaseLate: true });
    const health = async () =>
      (await (await fetch(`${gateway.url}/health`)).json()) as { status: string; database: string };
    expect(await health()).toMatchObject({ status: 'degraded' });
    const late = await startPostgres(bin ?? '', port);
    await eventually(async () => {
      expect(await health()).toMatchObject({ status: 'healthy', database: 'up' });
    }, 45_000);
    await gateway.stop();
    await late.stop();
  });
});

function byId(a: { id?: string | null | undefined }, b: { id?: string | null | undefined }): number {
  return (a.id ?? '') < (b.id ?? '') ? -1 : 1;
}

/** The version of each migration that there is. */
function migrations(): string[] {
  return readdirSync('supabase/migrations')
    .map((name) => name.slice(0, 14))
    .sort();
}
