import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { eventually, startGateway, type Gateway } from '../support/gateway.js';
import { modelsDevDocument, openRouterDocument, priceDocument } from '../support/public-documents.js';
import { ScriptedServer } from '../support/scripted-server.js';

const OLD_NAMES = [
  'gpt-4',
  'gpt-4-turbo',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-4.1-nano',
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-nano',
];
const MESSAGES = [{ role: 'user', content: 'Hello' }];

interface OfferView {
  readonly provider: string;
  readonly status: string;
  readonly overridden: readonly string[];
}

interface ListView {
  readonly source: string;
  readonly models: number;
  readonly held_back: { readonly doubts: readonly string[] } | null;
}

describe('the catalogue', () => {
  /** It answers under names of other providers, too; those that are deleted here are gone from its list. */
  const aliases: Record<string, 'echo-1'> = {};
  const documents = new Map<string, object>();
  let sandbox: Sandbox;
  let lists: ScriptedServer;
  let gateway: Gateway;

  beforeAll(async () => {
    for (const name of ['gpt-4o', 'openai/gpt-4o', 'unheard-of', ...OLD_NAMES]) aliases[name] = 'echo-1';
    documents.set('/models-dev', modelsDevDocument('openai', { 'gpt-4o': 2, 'unheard-of': 3 }));
    documents.set('/openrouter', openRouterDocument('openai/gpt-4o'));
    sandbox = await startSandbox({ aliases });
    lists = await ScriptedServer.start((response, { message }) => {
      const document = documents.get(message.url ?? '');
      response.writeHead(document ? 200 : 404).end(JSON.stringify(document));
    });
    gateway = await startGateway({ env: environment() });
    await eventually(async () => {
      expect((await listed()).map(({ source }) => source)).toEqual(
        expect.arrayContaining(['models.dev', 'openai', 'openrouter', 'openrouter.ai', 'sandbox']),
      );
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await sandbox.close();
    await lists.close();
  });

  const environment = () => ({
    SANDBOX_BASE_URL: sandbox.url,
    OPENAI_API_KEY: 'sk-first-key-0123456789',
    OPENAI_BASE_URL: sandbox.url,
    OPENROUTER_API_KEY: 'sk-second-key-0123456789',
    OPENROUTER_BASE_URL: sandbox.url,
    MODEL_SYNC_INTERVAL_MS: '1000',
    PUBLIC_LISTS_INTERVAL_MS: '1000',
    GENAI_PRICES_URL: `${lists.url}/prices`,
    MODELS_DEV_URL: `${lists.url}/models-dev`,
    OPENROUTER_MODELS_URL: `${lists.url}/openrouter`,
  });

  const read = async <Body>(path: string): Promise<Body> => (await (await gateway.call(path)).json()) as Body;
  const listed = async (): Promise<ListView[]> => (await read<{ data: ListView[] }>('/admin/model-lists')).data;
  const heldBack = async (source: string) => (await listed()).find((list) => list.source === source)?.held_back;
  const accept = (source: string) => gateway.call(`/admin/model-lists/${source}/accept`, { method: 'POST' });
  const patch = (path: string, body: object) =>
    gateway.call(`/admin/${path}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const change = async (model: string, body: object): Promise<OfferView[]> => {
    const response = await patch(`models/${model}`, body);
    expect(response.status).toBe(200);
    return ((await response.json()) as { offers: OfferView[] }).offers;
  };
  const ask = async (model: string, more: object = {}): Promise<Response> => {
    const response = await gateway.chat({ model, messages: MESSAGES, max_tokens: 10, ...more });
    await response.text();
    return response;
  };
  const costOf = async (model: string) => (await ask(model)).headers.get('x-gatewayz-cost');

  it.each([false, true])(
    'leads from a name that is no more to its successor, and says so (stream: %s)',
    async (stream) => {
      const { status, headers } = await ask('sandbox/echo', { stream });
      expect([status, headers.get('x-gatewayz-model'), headers.get('x-gatewayz-model-redirect')]).toEqual([
        200,
        'sandbox/echo-1',
        'sandbox/echo -> sandbox/echo-1',
      ]);
      expect((await ask('sandbox/echo:floor')).headers.get('x-gatewayz-model-redirect')).toBe(
        'sandbox/echo -> sandbox/echo-1',
      );
      expect((await ask('echo-1', { stream })).headers.has('x-gatewayz-model-redirect')).toBe(false);
    },
  );

  it('tells what public lists say, and prices what only they know', async () => {
    expect(await read('/v1/models/gpt-4o')).toMatchObject({
      name: 'The gpt-4o',
      context_length: 128_000,
      max_output_tokens: 16_384,
      capabilities: ['chat', 'streaming', 'tools', 'json_schema', 'vision', 'reasoning'],
      supported_parameters: expect.arrayContaining(['reasoning_effort', 'temperature', 'tools']) as string[],
      offers: [
        { provider: 'openai', max_output_tokens: 16_384 },
        {
          provider: 'openrouter',
          max_output_tokens: 4_096,
          supported_parameters: expect.not.arrayContaining(['tools']) as string[],
        },
      ],
    });
    expect(await read('/v1/models/unheard-of')).toMatchObject({ pricing: { prompt: '0.000003' } });
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    const refused = await ask('gpt-4o', { tools, provider: { only: ['openrouter'] } });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect((await ask('gpt-4o', { tools })).headers.get('x-gatewayz-provider')).toBe('openai');
  });

  it('charges what an administrator says, from the next call on, and what the lists say after that', async () => {
    const before = await costOf('sandbox/echo-1');
    const pricing = { prompt: '0', completion: '0.001' };
    expect(await change('sandbox/echo-1', { provider: 'sandbox', pricing })).toMatchObject([
      { pricing: { completion: '0.001' }, overridden: ['pricing'] },
    ]);
    expect(await costOf('sandbox/echo-1')).toBe('0.010000000');
    expect(await read('/v1/models/sandbox/echo-1')).toMatchObject({ pricing: { prompt: '0', completion: '0.001' } });
    await change('sandbox/echo-1', { provider: 'sandbox', pricing: null });
    expect(await costOf('sandbox/echo-1')).toBe(before);
    const { data } = await read<{ data: object[] }>('/admin/audit-logs?resource=model:sandbox:sandbox/echo-1');
    expect(data).toMatchObject([{ detail: { pricing: null } }, { action: 'model.changed', detail: { pricing } }]);
  });

  it('does not use what is switched off: an offer, a model, a provider', async () => {
    const providerOf = async () => (await ask('gpt-4o')).headers.get('x-gatewayz-provider');
    const offers = await change('openai/gpt-4o', { provider: 'openai', active: false });
    expect(offers).toMatchObject([{ provider: 'openai', status: 'inactive' }, { status: 'active' }]);
    expect(await providerOf()).toBe('openrouter');
    expect(await (await patch('providers/openrouter', { enabled: false })).json()).toMatchObject({ enabled: false });
    expect((await ask('gpt-4o')).status).toBe(404);
    expect(await read('/admin/models?q=openai/GPT-4o&limit=1')).toMatchObject({
      data: [{ id: 'openai/gpt-4o', offers: [{ status: 'inactive' }, { status: 'provider_disabled' }] }],
    });
    await change('openai/gpt-4o', { provider: 'openai', active: true });
    expect(await providerOf()).toBe('openai');
    await patch('providers/openrouter', { enabled: true, priority: 5 });
    // A conversation stays where its prompt is cached; another one heeds the priority.
    const another = await ask('gpt-4o', { messages: [{ role: 'user', content: 'Good evening' }] });
    expect(another.headers.get('x-gatewayz-provider')).toBe('openrouter');
    await patch('providers/openrouter', { priority: 0 });
  });

  it('has a model that only an administrator knows', async () => {
    const offer = { provider: 'sandbox', native_id: 'echo-1', pricing: { prompt: '0', completion: '0.0001' } };
    expect((await patch('models/our/own-model', { provider: 'sandbox', active: true })).status).toBe(404);
    await change('our/own-model', offer);
    expect(await costOf('our/own-model')).toBe('0.001000000');
    expect(await change('our/own-model', { provider: 'sandbox', native_id: null })).toEqual([]);
    expect((await ask('our/own-model')).status).toBe(404);
  });

  it.each([
    ['models/sandbox/echo-1', { provider: 'nobody' }, 400, 'provider'],
    ['models/openai/gpt-4o', { provider: 'sandbox' }, 400, 'native_id'],
    ['models/a-name-of-nothing', { provider: 'sandbox' }, 404, 'model'],
    [
      'models/sandbox/echo-1',
      { provider: 'sandbox', pricing: { prompt: '1e-7', completion: '0' } },
      400,
      'pricing.prompt',
    ],
    ['models/sandbox/echo-1', { provider: 'sandbox', pricing: { prompt: '1' } }, 400, 'pricing.completion'],
    ['models/sandbox/echo-1', { provider: 'sandbox', capabilities: ['magic'] }, 400, 'capabilities'],
    ['models/sandbox/echo-1', { provider: 'sandbox', active: null }, 400, 'active'],
    ['models/sandbox/echo-1', { provider: 'sandbox', weight: -1 }, 400, 'weight'],
    ['models/sandbox/echo-1', { provider: 'sandbox', price: 1 }, 400, 'price'],
    ['providers/nobody', { enabled: false }, 404, null],
    ['providers/sandbox', { priority: 0.5 }, 400, 'priority'],
  ])('refuses to change %s to %j', async (path, body, status, param) => {
    const response = await patch(path, body);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { param } }]);
  });

  it('holds a list back that has shrunk, until an administrator accepts it', async () => {
    for (const name of OLD_NAMES) Reflect.deleteProperty(aliases, name);
    await eventually(async () => {
      expect((await heldBack('openai'))?.doubts).toEqual(['Models: 7 instead of 15.']);
    });
    expect(await read('/v1/models/gpt-5')).toMatchObject({ id: 'openai/gpt-5' });
    expect(await (await gateway.call('/metrics')).text()).toMatch(
      /^gatewayz_catalogue_held_back\{source="openai"\} 1$/m,
    );
    expect((await accept('openai')).status).toBe(200);
    expect(await heldBack('openai')).toBeNull();
    expect((await gateway.call('/v1/models/gpt-5')).status).toBe(404);
    expect((await accept('openai')).status).toBe(404);
  });

  it('takes newer prices, but not such as moved too far to be true', async () => {
    const cost = () => costOf('unheard-of');
    const before = await cost();
    documents.set('/models-dev', modelsDevDocument('openai', { 'gpt-4o': 2, 'unheard-of': 3_000 }));
    await eventually(async () => {
      expect((await heldBack('models.dev'))?.doubts).toEqual([
        'The price of openai/unheard-of moved by more than 10 times.',
      ]);
    });
    expect(await cost()).toBe(before);
    documents.set('/models-dev', modelsDevDocument('openai', { 'gpt-4o': 2, 'unheard-of': 6 }));
    await eventually(async () => {
      expect(Number(await cost())).toBe(Number(before) * 2);
    });
    expect(await heldBack('models.dev')).toBeNull();
  });

  it('takes a whole price list in the place of the one that it came with, once somebody accepts it', async () => {
    documents.set('/prices', priceDocument('openai', { 'gpt-4o': 1_000 }));
    await eventually(async () => {
      expect((await heldBack('genai-prices'))?.doubts).toHaveLength(2);
    });
    expect((await accept('genai-prices')).status).toBe(200);
    expect(await read('/v1/models/gpt-4o')).toMatchObject({ offers: [{ pricing: { prompt: '0.001' } }, {}] });
    documents.set('/prices', [{ id: 'openai', models: [{ id: 'broken' }] }]);
    await eventually(() => {
      expect(gateway.logs()).toMatch(/genai-prices.*the public list cannot be read/);
    });
    expect(await read('/v1/models/gpt-4o')).toMatchObject({ offers: [{ pricing: { prompt: '0.001' } }, {}] });
  });

  it('heeds after a restart what administrators said before', async () => {
    await change('sandbox/story-1', { provider: 'sandbox', active: false });
    await gateway.stop();
    gateway = await gateway.restart();
    await eventually(async () => {
      expect((await gateway.call('/v1/models/sandbox/story-1')).status).toBe(404);
    }, 30_000);
    expect((await gateway.call('/v1/models/sandbox/echo-1')).status).toBe(200);
  });
});
