import OpenAI from 'openai';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { childrenOf, eventually, startGateway, type Gateway } from '../support/gateway.js';
import { queryStopped } from '../support/stopped-database.js';

interface Page<Item> {
  readonly data: Item[];
  readonly has_more: boolean;
  readonly next: string | null;
  readonly is_kept?: boolean;
}
interface Conversation {
  readonly id: string;
  readonly requests: number;
  readonly tokens_used: number;
  readonly model: string;
}
interface Turn {
  readonly request_id: string;
  readonly messages: { role: string; content?: unknown; tool_calls?: { function: { name: string } }[] }[];
  readonly tokens_used: number;
}

const MODEL = 'sandbox/echo-1';
const TOOL = { type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object' } } };

describe('chat history', () => {
  let sandbox: Sandbox;
  let gateway: Gateway;
  let openai: OpenAI;
  let count = 0;

  const start = async (after?: Gateway) => {
    gateway = await startGateway({
      env: { SANDBOX_BASE_URL: sandbox.url, CHAT_HISTORY: 'on' },
      ...(after && { after }),
    });
    openai = new OpenAI({ apiKey: gateway.key, baseURL: `${gateway.url}/v1` });
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
    await start();
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
  });

  const freshId = () => `conversation/${(count += 1)}`;
  const pathOf = (id: string) => `/v1/chat/history/${encodeURIComponent(id)}`;
  const read = async <Item>(path: string) => (await (await gateway.call(path)).json()) as Page<Item>;
  const say = (id: string, content: string, more: object = {}, init: RequestInit = {}) =>
    gateway.chat(
      { model: MODEL, messages: [{ role: 'user', content }], metadata: { conversation_id: id }, ...more },
      init,
    );

  /** The calls of a conversation, once there are so many. */
  const turnsOf = (id: string, expected: number) =>
    eventually(async () => {
      const response = await gateway.call(pathOf(id));
      expect(response.status).toBe(200);
      const { data } = (await response.json()) as Page<Turn>;
      expect(data).toHaveLength(expected);
      return data;
    });

  it('keeps what was asked and answered, plain and streamed, in the order in which it was said', async () => {
    const conversation_id = freshId();
    const messages = [{ role: 'user' as const, content: 'Grüße 👋' }];
    const body = { model: MODEL, messages, metadata: { conversation_id } };
    const plain = await openai.chat.completions.create(body).withResponse();
    const stream = openai.chat.completions.stream({ ...body, messages: [{ role: 'user', content: 'Again' }] });
    const streamed = await stream.finalChatCompletion();
    const turns = await turnsOf(conversation_id, 2);
    expect(turns.map((turn) => turn.messages)).toEqual([
      [...messages, { role: 'assistant', content: plain.data.choices[0]?.message.content }],
      [
        { role: 'user', content: 'Again' },
        { role: 'assistant', content: streamed.choices[0]?.message.content },
      ],
    ]);
    expect(turns[0]).toMatchObject({
      object: 'chat.turn',
      request_id: plain.request_id,
      model: MODEL,
      tokens_used: plain.data.usage?.total_tokens,
    });
  });

  it('keeps tool calls', async () => {
    const id = freshId();
    for (const stream of [false, true]) await (await say(id, 'Weather?', { tools: [TOOL], stream })).text();
    for (const { messages } of await turnsOf(id, 2)) {
      expect(messages.at(-1)).toMatchObject({ role: 'assistant', tool_calls: [{ function: { name: 'get_weather' } }] });
    }
  });

  it('finds the conversation in the metadata, the session or a header; else a call is one by itself', async () => {
    const [bySession, byHeader] = [freshId(), freshId()];
    const messages = [{ role: 'user', content: 'x' }];
    await (await gateway.chat({ model: MODEL, messages, session_id: bySession })).text();
    await (await gateway.chat({ model: MODEL, messages }, { headers: { 'x-conversation-id': byHeader } })).text();
    const single = await gateway.chat({ model: MODEL, messages });
    await single.text();
    for (const id of [bySession, byHeader, single.headers.get('x-request-id') ?? '']) await turnsOf(id, 1);
  });

  it('keeps nothing that failed, was cut off, was left, or asked not to be stored', async () => {
    const id = freshId();
    const leaving = new AbortController();
    await (await say(id, 'no', { sandbox: { fault: 'status', status: 500 } })).text();
    await (await say(id, 'no', { stream: true, sandbox: { fault: 'cut', after: 2 } })).text();
    await (await say(id, 'no', { store: false })).text();
    const left = await say(
      id,
      'no',
      { stream: true, sandbox: { chunks: 50, pace_ms: 20 } },
      { signal: leaving.signal },
    );
    await left.body?.getReader().read();
    leaving.abort();
    await (await say(id, 'yes', { store: true })).text();
    const [turn] = await turnsOf(id, 1);
    expect(turn?.messages[0]?.content).toBe('yes');
    expect(sandbox.requests.at(-1)?.body).toMatchObject({ store: true });
  });

  it('keeps a call once, however often its reply is replayed', async () => {
    const id = freshId();
    const init = { headers: { 'idempotency-key': id.replace('/', '-') } };
    for (const content of ['once', 'once', 'once']) await (await say(id, content, {}, init)).text();
    await (await say(id, 'last')).text();
    await turnsOf(id, 2);
  });

  it('keeps text that the database could not hold as it came', async () => {
    const id = freshId();
    const body = `{"model":"${MODEL}","metadata":{"conversation_id":"${id}"},"messages":[{"role":"user","content":"a\\u0000b\\ud800c"}]}`;
    const headers = { 'content-type': 'application/json' };
    await (await gateway.call('/v1/chat/completions', { method: 'POST', body, headers })).text();
    const [turn] = await turnsOf(id, 1);
    expect(turn?.messages[0]?.content).toBe('ab\ufffdc');
  });

  it('leaves out what is too large, and counts it', async () => {
    const id = freshId();
    await (await say(id, 'x'.repeat(1_100_000), { model: 'sandbox/story-1', max_completion_tokens: 10 })).text();
    await (await say(id, 'small')).text();
    await turnsOf(id, 1);
    const page = await (await gateway.call('/metrics')).text();
    expect(page).toMatch(/gatewayz_chat_history_total\{result="dropped"\} 1\n/);
    expect(page).toMatch(/gatewayz_chat_history_total\{result="kept"\} [1-9]/);
  });

  it('lists conversations, the newest first, page by page', async () => {
    const ids = [freshId(), freshId(), freshId()];
    for (const id of [...ids, ...ids.slice(0, 1)]) await (await say(id, 'Hello')).text();
    await Promise.all(ids.map((id, index) => turnsOf(id, index === 0 ? 2 : 1)));
    const first = await read<Conversation>('/v1/chat/history?limit=2');
    expect(first).toMatchObject({ object: 'list', has_more: true, is_kept: true });
    const second = await read<Conversation>(`/v1/chat/history?limit=2&after=${first.next ?? ''}`);
    const listed = [...first.data, ...second.data].slice(0, 3);
    expect(listed.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[1]]);
    expect(listed[0]).toMatchObject({ object: 'chat.conversation', requests: 2, model: MODEL });
    expect(listed[0]?.tokens_used).toBe(2 * (listed[1]?.tokens_used ?? 0));

    const page = await read<Turn>(`${pathOf(ids[0] ?? '')}?limit=1`);
    const rest = await read<Turn>(`${pathOf(ids[0] ?? '')}?limit=1&after=${page.next ?? ''}`);
    expect([page.has_more, rest.has_more]).toEqual([true, false]);
    expect(rest.data[0]?.request_id).not.toBe(page.data[0]?.request_id);
  });

  it.each(['limit=0', 'limit=101', 'after=nonsense', `after=${Buffer.from('1\nx').toString('base64url')}`])(
    'refuses ?%s',
    async (query) => {
      for (const path of ['/v1/chat/history', pathOf('any')])
        expect((await gateway.call(`${path}?${query}`)).status).toBe(400);
    },
  );

  it.each(['GET', 'DELETE'])('%s of a conversation that there is not is 404', async (method) => {
    for (const id of ['none', 'nul\0', 'x'.repeat(300)]) {
      expect((await gateway.call(pathOf(id), { method })).status).toBe(404);
    }
  });

  it('belongs to nobody else', async () => {
    expect((await fetch(`${gateway.url}/v1/chat/history`)).status).toBe(401);
    await gateway.stop();
    queryStopped(
      gateway.dataDirectory,
      `with stranger as (insert into users (email) values ('stranger@example.com') returning id)
       insert into chat_history
       select 'req_strange', id, 'strange', gen_random_uuid(), 'm', '[]', 1, now() from stranger`,
    );
    await start(gateway);
    const { data } = await read<Conversation>('/v1/chat/history?limit=100');
    expect(data.map(({ id }) => id)).not.toContain('strange');
    for (const method of ['GET', 'DELETE'])
      expect((await gateway.call(pathOf('strange'), { method })).status).toBe(404);
  });

  it('waits while the database is away, and delays no reply', async () => {
    const id = freshId();
    await (await say(id, 'before')).text();
    await turnsOf(id, 1);
    process.kill(childrenOf(gateway.pid)[0] ?? 0, 'SIGKILL');
    const begun = Date.now();
    expect((await say(id, 'while it is away')).status).toBe(200);
    expect(Date.now() - begun).toBeLessThan(1_000);
    await eventually(async () => {
      expect((await gateway.call('/health/ready')).status).toBe(200);
    }, 30_000);
    await turnsOf(id, 2);
  });

  it('is deleted when its user says so: one conversation, or all; also what is on its way', async () => {
    const [one, other] = [freshId(), freshId()];
    for (const id of [one, other]) await (await say(id, 'Hello')).text();
    await turnsOf(other, 1);
    const deleted = await gateway.call(pathOf(one), { method: 'DELETE' });
    expect(await deleted.json()).toEqual({ object: 'chat.conversation.deleted', id: one, deleted: true, requests: 1 });
    expect((await gateway.call(pathOf(one))).status).toBe(404);
    await turnsOf(other, 1);
    await (await say(freshId(), 'on its way')).text();
    expect((await gateway.call('/v1/chat/history', { method: 'DELETE' })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await read('/v1/chat/history')).toMatchObject({ data: [], has_more: false, next: null });
    await gateway.stop();
    expect(queryStopped(gateway.dataDirectory, 'select request_id from chat_history')).toEqual([
      { request_id: 'req_strange' },
    ]);
    await start(gateway);
  });

  it('is kept only where the operator wants it: off by default, which the routes tell', async () => {
    await gateway.stop();
    gateway = await startGateway({ env: { SANDBOX_BASE_URL: sandbox.url }, after: gateway });
    const id = freshId();
    await (await say(id, 'Hello', { store: true })).text();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await read('/v1/chat/history')).toMatchObject({ data: [], is_kept: false });
    const missing = (await (await gateway.call(pathOf(id))).json()) as { error: { message: string } };
    expect(missing.error.message).toContain('CHAT_HISTORY=off');
  });
});
