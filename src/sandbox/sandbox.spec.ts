import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from './behaviour.js';
import { isObject, memberOf, objectsIn, textOr } from './json.js';
import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => {
  sandbox.reset();
});
afterAll(() => sandbox.close());

const HELLO = { model: 'echo-1', messages: [{ role: 'user', content: 'Guten Tag, 雪 🙂' }] };
const STREAM = { ...HELLO, stream: true, stream_options: { include_usage: true } };

function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${sandbox.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(2_000),
  });
}

async function json(reply: Response | Promise<Response>): Promise<unknown> {
  return (await reply).json();
}

function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const step of path) found = Array.isArray(found) ? found[Number(step)] : memberOf(found, String(step));
  return found;
}

function say(body: object): Promise<unknown> {
  return json(post({ ...HELLO, ...body }));
}

async function dataLines(behaviour: Behaviour, body: object = STREAM): Promise<string[]> {
  const text = await (await post({ ...body, sandbox: behaviour })).text();
  return text.split(/\r?\n/).flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
}

function contentOf(lines: readonly string[]): string {
  const chunks = lines.filter((line) => line !== '[DONE]').map((line): unknown => JSON.parse(line));
  return chunks.map((chunk) => textOr(at(chunk, 'choices', 0, 'delta', 'content'), '')).join('');
}

describe('the models', () => {
  it('says that it is simulated, and repeats the prompt', async () => {
    const reply = await say({});
    expect(at(reply, 'choices', 0, 'message', 'content')).toMatch(/simulated.*Guten Tag, 雪 🙂$/);
    expect(at(reply, 'choices', 0, 'finish_reason')).toBe('stop');
  });

  it('streams the same words that it sends in one piece', async () => {
    const whole = at(await say({}), 'choices', 0, 'message', 'content');
    expect(contentOf(await dataLines({}))).toBe(whole);
  });

  it('stops at max_tokens, and counts exactly as many', async () => {
    const reply = await say({ model: 'story-1', max_tokens: 25 });
    expect(at(reply, 'choices', 0, 'finish_reason')).toBe('length');
    expect(at(reply, 'usage', 'completion_tokens')).toBe(25);
  });

  it('says nothing from the stop sequence on', async () => {
    expect(at(await say({ stop: ['Tag'] }), 'choices', 0, 'message', 'content')).toMatch(/Guten $/);
  });

  it('thinks first and counts the thoughts', async () => {
    const reply = await say({ model: 'reason-1' });
    expect(at(reply, 'choices', 0, 'message', 'reasoning_content')).toMatch(/pretend to think/);
    expect(at(reply, 'usage', 'completion_tokens_details', 'reasoning_tokens')).toBeGreaterThan(10);
  });

  it('counts cached tokens when it is told to', async () => {
    const reply = await say({ sandbox: { cached_tokens: 5 } });
    expect(at(reply, 'usage', 'prompt_tokens_details', 'cached_tokens')).toBe(5);
  });

  it('gives several choices and log probabilities', async () => {
    const reply = await say({ n: 3, logprobs: true, top_logprobs: 2 });
    expect(objectsIn(at(reply, 'choices'))).toHaveLength(3);
    expect(at(reply, 'choices', 2, 'logprobs', 'content', 0, 'top_logprobs')).toHaveLength(2);
  });

  it('answers for tiny-1 from memory only what was asked of tiny-1', async () => {
    const first = await say({ model: 'tiny-1' });
    expect(await say({ model: 'tiny-1' })).toEqual(first);
    expect((await post({ ...HELLO, model: 'tiny-1' }, { 'x-sandbox': 'fault=status' })).status).toBe(500);
    sandbox.schedule([{ fault: 'status', status: 418 }]);
    expect((await post({ ...HELLO, model: 'tiny-1' })).status).toBe(418);
  });

  it('lists its models', async () => {
    const list = await json(fetch(`${sandbox.url}/models`));
    expect(objectsIn(at(list, 'data')).map(({ id }) => id)).toEqual(['echo-1', 'story-1', 'reason-1', 'tiny-1']);
    expect(at(await json(fetch(`${sandbox.url}/models/tiny-1`)), 'description')).toMatch(/^Simulated/);
  });
});

describe('tools and formats', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const tools = ['weather', 'traffic'].map((name) => ({ type: 'function', function: { name, parameters } }));

  it('calls a tool, then speaks about what the tool said', async () => {
    const reply = await say({ tools });
    expect(at(reply, 'choices', 0, 'finish_reason')).toBe('tool_calls');
    expect(at(reply, 'choices', 0, 'message', 'tool_calls', 0, 'function')).toEqual({
      name: 'weather',
      arguments: '{"city":"simulated city"}',
    });
    const messages = [...HELLO.messages, at(reply, 'choices', 0, 'message'), { role: 'tool', content: 'sunny' }];
    expect(at(await say({ tools, messages }), 'choices', 0, 'message', 'content')).toMatch(/The tool said: sunny$/);
  });

  it('calls two tools when the prompt says parallel, each with its own index', async () => {
    const messages = [{ role: 'user', content: 'Do both in parallel.' }];
    const lines = await dataLines({}, { ...STREAM, tools, messages });
    const calls = lines
      .slice(0, -1)
      .flatMap((line) => objectsIn(at(JSON.parse(line), 'choices', 0, 'delta', 'tool_calls')));
    expect(calls.filter((call) => 'id' in call).map((call) => [call['index'], at(call, 'function', 'name')])).toEqual([
      [0, 'weather'],
      [1, 'traffic'],
    ]);
  });

  it('satisfies a JSON schema', async () => {
    const schema = {
      ...parameters,
      properties: { city: { enum: ['Bern', 'Rom'] }, days: { type: 'integer', minimum: 3 } },
    };
    const reply = await say({ response_format: { type: 'json_schema', json_schema: { name: 'plan', schema } } });
    expect(at(reply, 'choices', 0, 'message', 'content')).toBe('{"city":"Bern","days":3}');
  });
});

describe('bad requests', () => {
  it.each([
    ['no messages', { messages: undefined }, '400 missing_required_parameter'],
    ['an unknown model', { model: 'gpt-9' }, '404 model_not_found'],
    ['a misspelt behaviour', { sandbox: { falt: 'cut' } }, '400 invalid_value'],
  ])('refuses %s as OpenAI would', async (_what, change, refusal) => {
    const reply = await post({ ...HELLO, ...change });
    expect(`${reply.status} ${String(at(await json(reply), 'error', 'code'))}`).toBe(refusal);
  });

  it('wants the API key it was started with', async () => {
    const locked = await startSandbox({ apiKey: 'sesame' });
    const ask = (key: string) => fetch(`${locked.url}/models`, { headers: { authorization: `Bearer ${key}` } });
    expect([(await ask('wrong')).status, (await ask('sesame')).status]).toEqual([401, 200]);
    await locked.close();
  });
});

describe('faults', () => {
  it.each(['refuse', 'silence', 'silent_stream', 'stall', 'cut', 'cut_body'] as const)(
    'never completes a reply that fails by %s, streamed or not',
    async (fault) => {
      const replies = [HELLO, STREAM].map(async (body) => (await post({ ...body, sandbox: { fault } })).text());
      const outcomes = await Promise.allSettled(replies);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    },
  );

  it('answers with a status and retry-after', async () => {
    const reply = await post(HELLO, { 'x-sandbox': 'fault=status;status=429;retry_after=7' });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('ends early, cleanly, after the number of chunks it was told', async () => {
    const lines = await dataLines({ fault: 'end_early', after: 2, chunks: 10 });
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/"finish_reason":"|DONE/);
  });

  it('sends an error within the stream, as the first frame when after is 0', async () => {
    const [first, ...rest] = await dataLines({ fault: 'error_frame', after: 0 });
    expect([at(JSON.parse(first ?? ''), 'error', 'code'), rest]).toEqual(['simulated_failure', []]);
  });

  it.each([
    ['no_done', /^(?!.*DONE).*"finish_reason":"stop".*"usage":\{/],
    ['no_finish', /^(?!.*"finish_reason":").*DONE/],
    ['no_usage', /^(?!.*"usage":\{).*DONE/],
    ['no_role', /^(?!.*"role").*DONE/],
    ['empty', /^\[DONE\]$/],
    ['late_usage_in_finish', /"finish_reason":"stop"\}\],"usage":\{[^[]*\[DONE\]$/],
    ['malformed', /"delta":\{"con\{.*DONE/],
  ] as const)('leaves the mark of %s on the stream', async (fault, mark) => {
    expect((await dataLines({ fault })).join('')).toMatch(mark);
  });

  it.each(['comments', 'split_bytes'] as const)('says the same words with %s', async (fault) => {
    expect(contentOf(await dataLines({ fault }))).toMatch(/雪 🙂$/);
  });

  it('cuts characters in two when it splits bytes', async () => {
    const reply = await post({ ...STREAM, sandbox: { fault: 'split_bytes' } });
    const text = new TextDecoder();
    const isCut: boolean[] = [];
    await reply.body?.pipeTo(
      new WritableStream({
        write: (piece: Uint8Array) => {
          isCut.push(text.decode(piece).includes('\uFFFD'));
        },
      }),
    );
    expect(isCut).toContain(true);
  });
});

describe('what surrounds a request', () => {
  it('takes behaviours from the schedule, one a request', async () => {
    const schedule = [{ fault: 'status', status: 503 }, {}, { fault: 'context_length' }];
    const scheduleUrl = sandbox.url.replace('/v1', '/sandbox/schedule');
    await fetch(scheduleUrl, { method: 'POST', body: JSON.stringify(schedule) });
    const statuses = [];
    for (let turn = 0; turn < 4; turn++) statuses.push((await post(HELLO)).status);
    expect(statuses).toEqual([503, 200, 400, 200]);
  });

  it('remembers requests without their credentials, and whether the client went away', async () => {
    await post(HELLO, { authorization: 'Bearer secret' });
    await post({ ...HELLO, sandbox: { fault: 'silence' } }).catch(() => undefined);
    await sleep(20);
    expect(JSON.stringify(sandbox.requests)).not.toContain('secret');
    expect(sandbox.requests.map(({ body, isAborted }) => [isObject(body), isAborted])).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  it('keeps the pace it was given', async () => {
    const startedAt = performance.now();
    await dataLines({ latency_ms: 20, first_token_ms: 30, pace_ms: 10, chunks: 5 });
    expect(performance.now() - startedAt).toBeGreaterThan(90);
  });

  it('refuses connections for a time, then accepts them again', async () => {
    const knock = () =>
      new Promise<string>((resolve) => {
        const socket = connect(sandbox.port, '127.0.0.1', () => {
          socket.destroy();
          resolve('open');
        });
        socket.once('error', (error) => {
          resolve(error.message);
        });
      });
    sandbox.refuseConnections(150);
    expect(await knock()).toMatch('ECONNREFUSED');
    await sleep(200);
    expect(await knock()).toBe('open');
  });
});
