import { answersStatus, completes, isSilent } from '../support/chat-answers.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { ScriptedServer, type Answer } from '../support/scripted-server.js';

const MODEL = 'openai/gpt-4o';
const IN_ORDER = { provider: { order: ['openai', 'openrouter'] } };
const TOO_LONG: Answer = (response) => {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      error: {
        message: 'The maximum context length is 8 tokens.',
        code: 'context_length_exceeded',
        type: 'x',
        param: 'messages',
      },
    }),
  );
};

interface Breaker {
  readonly provider: string;
  readonly model: string;
  readonly state: string;
}

describe('the way of a call', () => {
  let first: ScriptedServer;
  let second: ScriptedServer;
  let gateway: Gateway;

  beforeAll(async () => {
    first = await ScriptedServer.start(answersStatus(404));
    second = await ScriptedServer.start(answersStatus(404));
    gateway = await startGateway({
      env: {
        OPENAI_API_KEY: 'sk-first-key-0123456789',
        OPENAI_BASE_URL: first.url,
        OPENROUTER_API_KEY: 'sk-second-key-0123456789',
        OPENROUTER_BASE_URL: second.url,
        BREAKER_OPEN_MS: '600',
        HEDGING: 'on',
      },
    });
    await eventually(() => {
      expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
    });
  });

  beforeEach(async () => {
    for (const id of ['openai', 'openrouter']) await gateway.call(`/circuit-breakers/${id}/reset`, { method: 'POST' });
    script(completes('From the first'), completes('From the second'));
  });

  afterAll(async () => {
    await gateway.stop();
    await first.close();
    await second.close();
  });

  function script(ofFirst: Answer, ofSecond: Answer): void {
    first.answer = ofFirst;
    second.answer = ofSecond;
    first.requests.length = 0;
    second.requests.length = 0;
  }

  const ask = (body: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
    gateway.chat({ model: MODEL, messages: [{ role: 'user', content: 'Hi' }], ...body }, { headers });

  const providerOf = async (asking: Promise<Response>): Promise<string | null> => {
    const response = await asking;
    await response.text();
    return response.headers.get('x-gatewayz-provider');
  };

  const breakers = async (): Promise<readonly Breaker[]> =>
    ((await (await gateway.call('/circuit-breakers')).json()) as { data: Breaker[] }).data;

  it.each([
    [{ provider: { order: ['openrouter'] } }, 'openrouter'],
    [{ provider: { only: ['OpenRouter'] } }, 'openrouter'],
    [{ provider: { ignore: ['openrouter'] } }, 'openai'],
    [{ provider: { order: ['openai'], allow_fallbacks: false } }, 'openai'],
  ])('heeds %j', async (wish, provider) => {
    expect(await providerOf(ask(wish))).toBe(provider);
  });

  it('keeps what is meant for the gateway from the provider', async () => {
    await ask({
      ...IN_ORDER,
      models: [MODEL],
      session_id: 's',
      usage: { include: true },
      reasoning: { effort: 'low' },
    });
    const sent = JSON.parse(first.requests[0]?.body ?? '') as object;
    expect(sent).toEqual({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Hi' }],
      reasoning_effort: 'low',
    });
  });

  it.each([
    [{ provider: { sort: 'beauty' } }, 'provider.sort'],
    [{ provider: 'openai' }, 'provider'],
    [{ provider: { only: 'openai' } }, 'provider.only'],
    [{ provider: { max_price: { prompt: -1 } } }, 'provider.max_price.prompt'],
    [{ models: 'gpt-4o' }, 'models'],
  ])('refuses %j, and says what is wrong', async (wish, param) => {
    const response = await ask(wish);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param, type: 'invalid_request_error' } });
  });

  it('says why when no provider will do', async () => {
    const response = await ask({ provider: { max_price: { prompt: 0.001 } } });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string; code: string } };
    expect(error.message).toContain('openai costs more than `provider.max_price`');
    expect(error.code).toBe('no_provider_available');
  });

  it.each([':floor', ':nitro'])('takes %s behind the name of a model', async (suffix) => {
    const response = await ask({ model: `${MODEL}${suffix}` });
    expect(response.headers.get('x-gatewayz-model')).toBe(MODEL);
  });

  it('stays with the provider that has the beginning of the conversation', async () => {
    const body = { messages: [{ role: 'user', content: 'A question of its own' }] };
    expect(await providerOf(ask({ ...body, provider: { order: ['openrouter'] } }))).toBe('openrouter');
    for (let turn = 0; turn < 3; turn += 1) expect(await providerOf(ask(body))).toBe('openrouter');
  });

  it('goes on to another model when the prompt is too long for the first, or nobody serves it now', async () => {
    script(TOO_LONG, TOO_LONG);
    const alone = await ask(IN_ORDER);
    expect(await alone.json()).toMatchObject({ error: { code: 'context_length_exceeded' } });
    expect([alone.status, first.requests.length, second.requests.length]).toEqual([400, 1, 0]);

    script((answer, request) => {
      const fitting = request.body.includes('gpt-4o-mini') ? completes('Mini') : TOO_LONG;
      fitting(answer, request);
    }, TOO_LONG);
    const response = await ask({ ...IN_ORDER, models: ['openai/gpt-4o-mini'] });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gatewayz-model')).toBe('openai/gpt-4o-mini');
    const id = response.headers.get('x-request-id') ?? '';
    expect(await (await gateway.call(`/v1/generations/${id}`)).json()).toMatchObject({
      model: 'openai/gpt-4o-mini',
      attempts: [{ model: MODEL, status: 'failed', reason: 'request' }, { model: 'openai/gpt-4o-mini' }],
    });
  });

  it('opens the breaker of a provider that keeps failing, tries it again later, and closes it when it works', async () => {
    script(answersStatus(500), completes('From the second'));
    for (let call = 0; call < 5; call += 1) await ask(IN_ORDER);
    expect(first.requests).toHaveLength(5);
    expect(await breakers()).toContainEqual(
      expect.objectContaining({ provider: 'openai', model: MODEL, state: 'open' }),
    );
    const response = await ask(IN_ORDER, { 'x-gatewayz-trace': 'true' });
    expect(response.headers.get('x-gatewayz-attempts')).toBe('1');
    expect(first.requests).toHaveLength(5);
    const metrics = await (await gateway.call('/metrics')).text();
    expect(metrics).toContain(`gatewayz_circuit_breaker_state{provider="openai",model="${MODEL}",state="open"} 1`);
    expect(metrics).toMatch(
      /circuit_breaker_state_transitions_total\{provider="openai",from_state="closed",to_state="open"\} \d/,
    );

    script(completes('Well again'), completes('From the second'));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await providerOf(ask(IN_ORDER))).toBe('openai');
    expect(await providerOf(ask(IN_ORDER))).toBe('openai');
    expect(await breakers()).toContainEqual(
      expect.objectContaining({ provider: 'openai', model: MODEL, state: 'closed' }),
    );
  });

  it('asks a broken provider all the same when no other is left', async () => {
    script(answersStatus(500), answersStatus(500));
    for (let call = 0; call < 6; call += 1) await ask(IN_ORDER);
    script(completes('Well again'), answersStatus(500));
    expect((await ask(IN_ORDER)).status).toBe(200);
  });

  it('gives a provider the rest that it asks for', async () => {
    script(answersStatus(429, { 'retry-after': '30' }), completes('From the second'));
    await ask(IN_ORDER);
    await ask(IN_ORDER);
    expect(first.requests).toHaveLength(1);
    const only = await ask({ provider: { only: ['openai'] } });
    expect(only.status).toBe(429);
    expect(Number(only.headers.get('retry-after'))).toBeGreaterThan(25);
    expect(await only.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'upstream' } });
  });

  it('tells what happened: in the reply when asked, and later by the id of the request', async () => {
    script(answersStatus(503), completes('From the second'));
    const response = await ask(IN_ORDER, { 'x-gatewayz-trace': 'true' });
    const attempts = [
      { provider: 'openai', model: MODEL, status: 'failed', reason: 'status' },
      { provider: 'openrouter', model: MODEL, status: 'completed', reason: null, output_tokens: 5 },
    ];
    expect(await response.json()).toMatchObject({ gatewayz: { provider: 'openrouter', attempts } });
    const id = response.headers.get('x-request-id') ?? '';
    const generation = await (await gateway.call(`/v1/generations/${id}`)).json();
    expect(generation).toMatchObject({
      id,
      object: 'generation',
      provider: 'openrouter',
      status: 'completed',
      attempts,
    });
    expect(JSON.stringify(generation)).not.toContain('provider_cost');
  });

  it('tells it in a stream as well, and nothing when nobody asks', async () => {
    const traced = await (await ask({ stream: true }, { 'x-gatewayz-trace': 'true' })).text();
    expect(traced).toContain('"gatewayz":{"model":"openai/gpt-4o"');
    expect(traced.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await (await ask({ stream: true })).text()).not.toContain('gatewayz');
  });

  it("does not tell of others' calls, or of calls that never were", async () => {
    const response = await gateway.call('/v1/generations/req_never');
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  });

  it('asks a second provider when the first is later than it usually is, and pays for both', async () => {
    for (let call = 0; call < 6; call += 1) await ask(IN_ORDER);
    script(isSilent, completes('From the second'));
    const response = await ask(IN_ORDER, { 'x-gatewayz-trace': 'true' });
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: 'From the second' } }],
      gatewayz: {
        provider: 'openrouter',
        attempts: [
          { provider: 'openai', status: 'cancelled', reason: 'hedged', wasted_cost: expect.any(String) as string },
          { provider: 'openrouter', status: 'completed' },
        ],
      },
    });
    await eventually(() => {
      expect(first.openSockets).toBe(0);
    });
  });

  it("uses the caller's own key first, and charges only the fee", async () => {
    const usual = Number((await ask({ provider: { only: ['openai'] } })).headers.get('x-gatewayz-cost'));
    const put = await gateway.call('/v1/provider-keys/openai', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'sk-of-the-caller-1234' }),
    });
    expect([put.status, await put.json()]).toMatchObject([200, { provider: 'openai', last4: '1234' }]);
    script(completes('With my key'), completes('From the second'));
    const response = await ask({ provider: { only: ['openai'] } });
    expect(first.requests[0]?.message.headers.authorization).toBe('Bearer sk-of-the-caller-1234');
    expect(Number(response.headers.get('x-gatewayz-cost'))).toBeCloseTo(usual * 0.05, 9);

    script((answer, request) => {
      const isMine = request.message.headers.authorization?.includes('caller');
      (isMine ? answersStatus(401) : completes('With ours'))(answer, request);
    }, completes('From the second'));
    const fallen = await ask({ provider: { only: ['openai'] } });
    expect([fallen.status, fallen.headers.get('x-gatewayz-attempts')]).toEqual([200, '2']);

    expect(JSON.stringify(await (await gateway.call('/v1/provider-keys')).json())).not.toContain('sk-of-the-caller');
    expect((await gateway.call('/v1/provider-keys/openai', { method: 'DELETE' })).status).toBe(204);
    script(completes('With ours'), completes('From the second'));
    await ask({ provider: { only: ['openai'] } });
    expect(first.requests[0]?.message.headers.authorization).toBe('Bearer sk-first-key-0123456789');
  });
});
