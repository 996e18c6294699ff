import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { readStream } from '../support/event-stream.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { queryStopped } from '../support/stopped-database.js';

const PASSWORD = 'a long enough password';
const ECHO = 'sandbox/echo-1';
const LLAMA = 'groq/llama-3.1-8b-instant';
const MINUTE_MS = 60_000;
/** The aggregation begins at the fifth second of each minute, and is soon done. */
const AGGREGATED_MS = 9_000;

/** A user, and a key of it. */
interface Person {
  readonly id: string;
  readonly key: string;
  readonly keyId: string;
}

interface Group {
  readonly [label: string]: unknown;
  readonly requests: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly credits_used: string;
  readonly cost?: string;
}

describe('analytics', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  let ada: Person & { readonly otherKey: string };
  let bob: Person;

  const as = ({ key }: Pick<Person, 'key'>) => ({ authorization: `Bearer ${key}` });
  const read = async <Body>(response: Promise<Response>): Promise<Body> => (await (await response).json()) as Body;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    gateway.call(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const chat = (person: Pick<Person, 'key'>, model: string, more: object = {}) =>
    gateway.chat(
      { model, messages: [{ role: 'user', content: 'How much is that?' }], ...more },
      { headers: as(person) },
    );
  const ask = (person: Pick<Person, 'key'>, query: string) =>
    gateway.call(`/api/analytics/usage?${query}`, { headers: as(person) });
  const groups = async (person: Pick<Person, 'key'>, query: string) =>
    (await read<{ data: Group[] }>(ask(person, query))).data;
  /** Once so many calls of a user are in the database. */
  const whenUsed = (person: Person, requests: number) =>
    eventually(async () => {
      const used = await groups(person, 'group_by=day');
      expect(used.reduce((sum, group) => sum + group.requests, 0)).toBe(requests);
      return used;
    }, 30_000);

  async function makeKey(login: string): Promise<{ readonly id: string; readonly key: string }> {
    return read(post('/v1/keys', { name: 'a key' }, as({ key: login })));
  }

  async function register(): Promise<Person & { readonly otherKey: string }> {
    const credentials = { email: `${randomUUID()}@example.com`, password: PASSWORD };
    await post('/auth/register', credentials);
    const login = await read<{ access_token: string; user: { id: string } }>(post('/auth/login', credentials));
    const [one, other] = [await makeKey(login.access_token), await makeKey(login.access_token)];
    return { id: login.user.id, key: one.key, keyId: one.id, otherKey: other.key };
  }

  beforeAll(async () => {
    sandbox = await startSandbox({ aliases: { 'llama-3.1-8b-instant': 'echo-1' } });
    gateway = await startGateway({
      env: {
        SANDBOX_BASE_URL: sandbox.url,
        GROQ_API_KEY: 'gsk-0123456789',
        GROQ_BASE_URL: sandbox.url,
        SIGNUP_CREDITS: '5',
        SETTLEMENT_INTERVAL_MS: '50',
      },
    });
    ada = await register();
    bob = await register();
    await (await chat(ada, ECHO)).text();
    await (await chat(ada, LLAMA)).text();
    await (await chat({ key: ada.otherKey }, ECHO)).text();
    await readStream(await chat(ada, ECHO, { stream: true }));
    await readStream(await chat(ada, ECHO, { stream: true, sandbox: { fault: 'cut', after: 3 } }));
    await (await chat(ada, ECHO, { sandbox: { fault: 'status', status: 500 } })).text();
    await (await chat(bob, LLAMA)).text();
    await whenUsed(ada, 6);
    await whenUsed(bob, 1);
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
  });

  describe('usage', () => {
    it('is told by day, hour, model, provider and key, a caller sees only its own', async () => {
      const [day] = await groups(ada, 'group_by=day');
      expect(day).toMatchObject({ object: 'usage', requests: 6, completed: 4, failed: 2, cancelled: 0 });
      expect(day).not.toHaveProperty('cost');
      expect(Number(day?.credits_used)).toBeGreaterThan(0);
      const requests = async (grouping: string) =>
        (await groups(ada, `group_by=${grouping}`)).map((group) => [group[grouping], group.requests]).sort();
      expect(await requests('model')).toEqual([
        [LLAMA, 1],
        [ECHO, 5],
      ]);
      expect(await requests('provider')).toEqual([
        ['groq', 1],
        ['sandbox', 5],
      ]);
      expect((await requests('key')).map(([, count]) => count).sort()).toEqual([1, 5]);
      expect(Object.fromEntries(await requests('key'))).toMatchObject({ [ada.keyId]: 5 });
    });

    it('is the same in every grouping, to the nano-dollar and to the token', async () => {
      const totals = async (grouping: string) => {
        const found = await groups(ada, `group_by=${grouping}`);
        const nanos = found.map(({ credits_used: credits }) => BigInt(credits.replace('.', '')));
        const tokens = found.map((group) => group.input_tokens + group.output_tokens);
        return [nanos.reduce((sum, amount) => sum + amount), tokens.reduce((sum, count) => sum + count)];
      };
      const [byDay, ...others] = await Promise.all(['day', 'hour', 'model', 'provider', 'key'].map(totals));
      for (const other of others) expect(other).toEqual(byDay);
    });

    it('is told as CSV, with the figures of the JSON', async () => {
      const response = await ask(ada, 'group_by=model&format=csv');
      expect(response.headers.get('content-type')).toContain('text/csv');
      expect(response.headers.get('content-disposition')).toContain('usage.csv');
      const [head = '', ...lines] = (await response.text()).trimEnd().split('\r\n');
      const columns = head.split(',');
      expect(columns.slice(0, 2)).toEqual(['model', 'requests']);
      const data = await groups(ada, 'group_by=model');
      expect(lines.map((line) => line.split(','))).toEqual(
        data.map((group) => columns.map((column) => String(group[column]))),
      );
    });

    it('of others is for administrators, who also see what providers charge', async () => {
      const response = await ask(ada, `user_id=${bob.id}`);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: 'admin_required', param: 'user_id' } });
      expect(await groups(ada, `user_id=${ada.id}`)).toMatchObject([{ requests: 6 }]);
      expect(await groups(gateway, `user_id=${bob.id}&group_by=provider`)).toMatchObject([
        { provider: 'groq', requests: 1, cost: expect.stringMatching(/^0\.\d{9}$/) as string },
      ]);
      expect(await groups(gateway, '')).toMatchObject([{ requests: 7 }]);
    });

    it('is of the time that was asked for', async () => {
      expect(await groups(ada, 'from=2026-01-01&to=2026-01-31')).toEqual([]);
      const response = await ask(ada, 'from=0000-01-01');
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: 'from' } });
    });
  });

  describe('when the database dies', () => {
    it('loses no usage of the calls that are made meanwhile', async () => {
      gateway.killDatabase();
      const replies = await Promise.all([1, 2, 3].map(() => chat(ada, ECHO)));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await whenUsed(ada, 9)).toMatchObject([{ completed: 7, failed: 2 }]);
    });
  });

  describe('in the database', () => {
    const AMOUNTS = `count(*)::integer as requests, sum(credits_used)::text as credits, sum(cost)::text as cost,
      sum(input_tokens + output_tokens)::integer as tokens`;
    const query = <Row>(sql: string) => queryStopped<Row>(gateway.dataDirectory, sql);
    let shown: Group[];

    beforeAll(async () => {
      const next = AGGREGATED_MS - (Date.now() % MINUTE_MS);
      // One that may have begun already may have missed the last calls.
      await pause(next > 5_000 ? next : next + MINUTE_MS);
      shown = await groups(gateway, 'group_by=model');
      await gateway.stop();
    }, 2 * MINUTE_MS);

    it('stands, to the nano-dollar, what was shown', () => {
      const rows = query(`select model_id as model, ${AMOUNTS} from user_transactions group by 1 order by 1`);
      expect(rows).toEqual(
        shown
          .map(({ model, requests, credits_used: credits, cost, input_tokens: input, output_tokens: output }) => {
            return { model, requests, credits, cost, tokens: input + output };
          })
          .sort((a, b) => String(a.model).localeCompare(String(b.model))),
      );
    });

    it('stand all minutes that the timer summed up, as their transactions are', () => {
      const keys = 'user_id, api_key_id, model_id, status';
      const settled = `date_trunc('minute', "timestamp", 'UTC')::text as minute, ${keys}, ${AMOUNTS}`;
      const summed = `minute::text as minute, ${keys}, ${AMOUNTS.replace('count(*)', 'sum(requests)')}`;
      const groupedBy = 'group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5';
      expect(query(`select ${summed} from usage_minutes ${groupedBy}`)).toEqual(
        query(`select ${settled} from user_transactions ${groupedBy}`),
      );
      expect(query('select minute from usage_minutes_due')).toEqual([]);
    });

    it('stand two events of each call', () => {
      const events = query(
        `select e.name, count(*)::integer as events from analytics_events as e
         join user_transactions as t on e.properties ->> 'request_id' = t.id and e.properties ->> 'model' = t.model_id
         where e.source = 'gateway' group by 1 order by 1`,
      );
      expect(events).toEqual([
        { name: 'cost', events: 10 },
        { name: 'inference', events: 10 },
      ]);
    });
  });
});
