import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import connect from 'postgres';
import type { JournalLine } from '../../../src/billing/journal-line.js';
import type { Variables } from '../../../src/config/env.js';
import { DatabaseError } from '../../../src/platform/database/database-errors.js';
import type { DatabaseClient } from '../../../src/platform/database/database.service.js';
import { startDatabase, type DatabaseApplication } from '../../support/database.js';
import { emptyDataDirectory } from '../../support/prepared-data.js';
import { queryStopped } from '../../support/stopped-database.js';
import { findPostgres, startPostgres, type Postgres } from '../../support/postgres.js';

const postgresPrograms = findPostgres();
const hosted = {
  SUPABASE_URL: process.env['TEST_SUPABASE_URL'],
  SUPABASE_SECRET_KEY: process.env['TEST_SUPABASE_SECRET_KEY'],
};
/** More than a float can hold, and all that numeric(20,9) can. */
const EXACT = '12345678901.123456789';

let postgres: Postgres | undefined;

/** One contract, whichever Supabase stands behind supabase-js. */
describe.each([
  { name: 'PGlite', isHere: true, variables: (): Variables => ({}) },
  {
    name: 'PostgreSQL through Lite',
    isHere: postgresPrograms !== undefined,
    variables: (): Variables => ({ DATABASE_URL: postgres?.url }),
  },
  { name: 'a hosted Supabase', isHere: hosted.SUPABASE_URL !== undefined, variables: (): Variables => hosted },
])('the database on $name', ({ name, isHere, variables }) => {
  const whereItIs = isHere ? it : it.skip;
  const isOurs = name !== 'a hosted Supabase';
  let database: DatabaseApplication;

  beforeAll(async () => {
    if (!isHere) return;
    if (name === 'PostgreSQL through Lite') postgres = await startPostgres(postgresPrograms ?? '');
    database = await startDatabase(variables(), emptyDataDirectory());
    await database.service.ready();
  });

  afterAll(async () => {
    if (!isHere) return;
    await database.stop();
    await postgres?.stop();
    postgres = undefined;
  });

  const settle = (records: readonly object[]) =>
    database.service.query({ table: 'user_transactions', operation: 'settle_usage' }, (client) =>
      client.rpc('settle_usage', { records: JSON.stringify(records) }),
    );
  const bootstrap = (hash: string) =>
    database.service.query({ table: 'users', operation: 'bootstrap_admin' }, (client) =>
      client.rpc('bootstrap_admin', {
        admin_email: 'admin@localhost',
        key_name: 'first key',
        key_hash: hash,
        key_last4: '1234',
      }),
    );
  const moneyOf = (id: string) =>
    database.service.query({ table: 'user_transactions', operation: 'select' }, (client) =>
      client.from('user_transactions').select('credits_used::text, cost::text, input_tokens').eq('id', id),
    );

  whereItIs('is up, and says so without being asked', () => {
    expect(database.service.state).toBe('up');
    expect(database.complaints).toEqual([]);
  });

  whereItIs('makes one administrator, however many gateways ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => bootstrap(randomUUID())));
    // A Supabase that was there before us may have its administrator.
    expect(isOurs ? [1] : [0, 1]).toContain(answers.filter(Boolean).length);
    expect(await bootstrap(randomUUID())).toBe(false);
    const admins = await database.service.query({ table: 'users', operation: 'select' }, (client) =>
      client.from('users').select('role, api_keys(last4, active, scopes)').eq('email', 'admin@localhost'),
    );
    expect(admins).toEqual([
      { role: 'admin', api_keys: [{ last4: '1234', active: true, scopes: ['inference', 'keys', 'admin'] }] },
    ]);
  });

  const newUser = async (): Promise<string> => {
    const [row] = await database.service.query({ table: 'users', operation: 'insert' }, (client) =>
      client
        .from('users')
        .insert({ email: `${randomUUID()}@example.com` })
        .select('id'),
    );
    return row?.id ?? '';
  };
  const post = async (userId: string, amount: string, reference: string) => {
    const [row] = await database.service.query({ table: 'credit_ledger', operation: 'post_credits' }, (client) =>
      client.rpc('post_credits', { for_user: userId, amount, kind: 'grant', reference, note: null }),
    );
    return row;
  };
  const drift = () =>
    database.service.query({ table: 'credit_ledger', operation: 'reconcile_credits' }, (client) =>
      client.rpc('reconcile_credits'),
    );

  whereItIs('loses no digit of money', async () => {
    const record = usageRecord({ credits_used: EXACT, cost: '0.000000001' });
    await settle([record]);
    expect(await moneyOf(record.id)).toEqual([{ credits_used: EXACT, cost: '0.000000001', input_tokens: 10 }]);
    const userId = await newUser();
    expect(await post(userId, EXACT, randomUUID())).toMatchObject({ outcome: 'posted', credits: EXACT });
  });

  whereItIs('counts a record once, however often it comes and whatever it says then', async () => {
    const userId = await newUser();
    const record = () => usageRecord({ user_id: userId });
    const [first, second] = [record(), record()];
    expect(await settle([first, second, first])).toEqual([debited(userId, '1.000000000')]);
    expect(await settle([{ ...first, cost: '99' }, second])).toEqual([debited(userId, '1.000000000')]);
    await Promise.all(Array.from({ length: 5 }, () => settle([first, record()])));
    expect(await settle([first])).toEqual([debited(userId, '3.500000000')]);
    expect(await moneyOf(first.id)).toEqual([{ credits_used: '0.500000000', cost: '0.250000000', input_tokens: 10 }]);
  });

  whereItIs('moves credits once by their reference, and tells another movement from a repetition', async () => {
    const [userId, reference] = [await newUser(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(userId, '2.5', reference)));
    expect(answers.map((answer) => answer?.outcome).sort()).toEqual(['posted', ...Array<string>(4).fill('repeated')]);
    expect(await post(userId, '2.6', reference)).toMatchObject({ outcome: 'conflict', credits: '2.500000000' });
    expect(await post(await newUser(), '2.5', reference)).toMatchObject({ outcome: 'conflict' });
    expect(await post(userId, '-0.000000001', randomUUID())).toMatchObject({
      outcome: 'posted',
      credits: '2.499999999',
    });
    expect(await post(randomUUID(), '1', randomUUID())).toMatchObject({ outcome: 'unknown_user' });
  });

  whereItIs('has a ledger that agrees with balances and transactions, and sees when one does not', async () => {
    expect(await drift()).toMatchObject([{ balance_drift: '0.000000000' }]);
    const userId = await newUser();
    await settle([usageRecord({ user_id: userId })]);
    const [before] = await drift();
    expect(before?.balance_drift).toBe('0.000000000');
    const touch = (credited: string) =>
      database.service.query({ table: 'users', operation: 'update' }, (client) =>
        client.from('users').update({ credited }).eq('id', userId).select('id'),
      );
    await touch('0.000000001');
    expect(await drift()).toMatchObject([{ balance_drift: '0.000000001' }]);
    await touch('0');
  });

  whereItIs('says which refusal it is, and never calls it an absence', async () => {
    const refusals = [
      ['22P02', (client: DatabaseClient) => client.rpc('settle_usage', { records: 'no JSON' })],
      ['23502', (client: DatabaseClient) => client.rpc('settle_usage', { records: '[{"id":"without the rest"}]' })],
      [
        '23514',
        (client: DatabaseClient) =>
          client.rpc('settle_usage', { records: JSON.stringify([usageRecord({ status: 'lost' })]) }),
      ],
      [
        '22003',
        (client: DatabaseClient) =>
          client.rpc('settle_usage', { records: JSON.stringify([usageRecord({ cost: '1e12' })]) }),
      ],
    ] as const;
    for (const [sqlState, build] of refusals) {
      const refused = database.service.query({ table: 'user_transactions', operation: 'settle_usage' }, build);
      await expect(refused).rejects.toBeInstanceOf(DatabaseError);
      await expect(refused).rejects.toMatchObject({ sqlState, kind: 'internal' });
    }
    const twice = () =>
      database.service.query({ table: 'users', operation: 'insert' }, (client) =>
        client.from('users').insert({ email: 'twice@example.com' }),
      );
    await twice().catch(() => undefined);
    await expect(twice()).rejects.toMatchObject({ sqlState: '23505' });
  });

  whereItIs('forgets transactions after 400 days, and not before', async () => {
    const day = 86_400_000;
    const [old, young] = [401, 399].map((age) =>
      usageRecord({ timestamp: new Date(Date.now() - age * day).toISOString() }),
    );
    await settle([old ?? {}, young ?? {}]);
    const deleted = await database.service.query(
      { table: 'user_transactions', operation: 'apply_retention' },
      (client) => client.rpc('apply_retention'),
    );
    expect(deleted).toBeGreaterThanOrEqual(1);
    expect(await moneyOf(old?.id ?? '')).toEqual([]);
    expect(await moneyOf(young?.id ?? '')).toHaveLength(1);
  });

  whereItIs('measures every query by table and operation', async () => {
    const page = await database.metrics.render(['performance']);
    expect(page).toMatch(/database_queries_total\{table="user_transactions",operation="settle_usage"\} [1-9]/);
    expect(page).toMatch(/database_query_duration_seconds_count\{table="users",operation="bootstrap_admin"\} 11\n/);
  });

  (isHere && isOurs ? it : it.skip)('tells nothing to who does not show the key', async () => {
    const { url, secretKey } = database.address;
    const body = JSON.stringify({ email: 'somebody@example.com', password: 'a long password' });
    for (const apikey of [undefined, '', 'wrong', `not-${secretKey}`, secretKey.slice(0, -1)]) {
      const headers = { 'content-type': 'application/json', ...(apikey === undefined ? {} : { apikey }) };
      for (const path of ['/', '/rest/v1/users', '/rest/v1/rpc/apply_retention', '/_system/config', '/_system/info']) {
        const response = await fetch(url + path, { headers });
        expect([path, apikey, response.status]).toEqual([path, apikey, 401]);
        expect(await response.text()).not.toContain(secretKey);
      }
      expect((await fetch(`${url}/auth/v1/signup`, { method: 'POST', headers, body })).status).toBe(401);
    }
    expect((await fetch(`${url}/rest/v1/users`, { headers: { apikey: secretKey } })).status).toBe(200);
  });

  (isHere && isOurs ? it : it.skip)('records each migration once, as the Supabase CLI does', async () => {
    // Started twice: the second start finds all of them applied.
    await database.stop();
    database = await startDatabase(variables(), database.folder);
    await database.service.ready();
    await database.stop();
    const history = await historyOf(database.folder);
    database = await startDatabase(variables(), database.folder);
    await database.service.ready();
    const folder = join(process.cwd(), 'supabase', 'migrations');
    const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
    expect(history.map(({ version, name: title }) => `${version}_${title}.sql`)).toEqual(files);
    expect(history.map(({ statements }) => statements.join(''))).toEqual(
      files.map((file) => readFileSync(join(folder, file), 'utf8')),
    );
  });
});

interface MigrationRow {
  readonly version: string;
  readonly name: string;
  readonly statements: readonly string[];
}

/** Beside the gateway, which cannot see this schema. */
async function historyOf(folder: string): Promise<MigrationRow[]> {
  const query = 'select version, name, statements from supabase_migrations.schema_migrations order by version';
  if (!postgres) return queryStopped<MigrationRow>(folder, query);
  const sql = connect(postgres.url, { max: 1 });
  const rows = await sql.unsafe<MigrationRow[]>(query);
  await sql.end();
  return [...rows];
}

function debited(userId: string, amount: string): object {
  return { user_id: userId, credited: '0.000000000', debited: amount };
}

function usageRecord(changes: Partial<JournalLine> = {}): JournalLine {
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
    reasoning_tokens: 0,
    audio_input_tokens: 0,
    audio_output_tokens: 0,
    token_source: 'provider',
    credits_used: '0.5',
    cost: '0.25',
    duration_ms: 12,
    timestamp: new Date().toISOString(),
    ...changes,
  };
}
