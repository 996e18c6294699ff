import { NO_LISTS, publicFacts } from './public-lists.js';
import { readModelsDevList } from './models-dev-list.js';
import { readOpenRouterList } from './openrouter-list.js';
import { ALL_PROVIDERS } from '../../providers/all-providers.js';

const MODELS_DEV = {
  anthropic: {
    id: 'anthropic',
    models: {
      'claude-sonnet-4-5': {
        id: 'claude-sonnet-4-5',
        name: 'Claude Sonnet 4.5',
        attachment: true,
        reasoning: true,
        tool_call: true,
        temperature: true,
        release_date: '2025-09-29',
        modalities: { input: ['text', 'image', 'pdf'], output: ['text'] },
        cost: {
          input: 3,
          output: 15,
          cache_read: 0.3,
          cache_write: 3.75,
          context_over_200k: { input: 6, output: 22.5 },
        },
        limit: { context: 200_000, output: 64_000 },
      },
      subscribed: { id: 'subscribed', cost: { input: 0, output: 0 }, tool_call: false, temperature: false },
      broken: 'not a model',
    },
  },
  empty: {},
};

const OPEN_ROUTER = {
  data: [
    {
      id: 'openai/gpt-5',
      name: 'OpenAI: GPT-5',
      created: 5,
      context_length: 400_000,
      architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
      pricing: { prompt: '0.00000125', completion: '0.00001', input_cache_read: '0.000000125' },
      top_provider: { max_completion_tokens: 128_000 },
      supported_parameters: ['tools'],
    },
    { id: 'openrouter/auto', pricing: { prompt: '-1', completion: '-1' } },
  ],
};

const named = (id: string) => {
  const provider = ALL_PROVIDERS.find((one) => one.id === id);
  if (!provider) throw new Error(`There is no provider ${id}.`);
  return provider;
};

describe('the list of models.dev', () => {
  const listed = readModelsDevList(MODELS_DEV).get('anthropic');

  it('tells limits, modalities, parameters and prices by the million tokens', () => {
    expect(listed?.get('claude-sonnet-4-5')).toMatchObject({
      name: 'Claude Sonnet 4.5',
      created: 1_759_104_000,
      contextLength: 200_000,
      maxOutputTokens: 64_000,
      inputModalities: ['text', 'image', 'file'],
      supportedParameters: expect.arrayContaining(['tools', 'reasoning_effort', 'temperature']) as string[],
      price: {
        input: { base: 3_000_000n, tiers: [{ above: 200_000, price: 6_000_000n }] },
        cacheRead: { base: 300_000n, tiers: [] },
        cacheWriteHour: { base: 3_750_000n, tiers: [] },
        reasoning: { base: 15_000_000n, tiers: [{ above: 200_000, price: 22_500_000n }] },
      },
    });
  });

  it('does not say that something costs nothing, nor that it can what it cannot', () => {
    const subscribed = listed?.get('subscribed');
    expect(subscribed?.price).toBeUndefined();
    expect(subscribed?.supportedParameters).not.toEqual(expect.arrayContaining(['tools']));
    expect(subscribed?.supportedParameters).not.toEqual(expect.arrayContaining(['temperature']));
    expect([...(listed?.keys() ?? [])]).toEqual(['claude-sonnet-4-5', 'subscribed']);
  });
});

describe('the list of OpenRouter', () => {
  const openRouter = readOpenRouterList(OPEN_ROUTER);
  const lists = { ...NO_LISTS, openRouter };
  const gpt5 = { modelId: 'openai/gpt-5', nativeId: 'gpt-5' };

  it('tells prices by the token, to the last digit, and none of its routers', () => {
    const price = openRouter.get('openai/gpt-5')?.price;
    expect([price?.input.base, price?.cacheRead.base, price?.output.base]).toEqual([1_250_000n, 125_000n, 10_000_000n]);
    expect(openRouter.get('openrouter/auto')?.price).toBeUndefined();
  });

  it('tells all about its own offers, and of others only what holds wherever a model is served', () => {
    const own = publicFacts(lists, named('openrouter'), { modelId: 'openai/gpt-5', nativeId: 'openai/gpt-5' });
    expect(own[0]).toMatchObject({ maxOutputTokens: 128_000, supportedParameters: ['tools'] });
    expect(publicFacts(lists, named('openai'), gpt5)).toEqual([
      undefined,
      { name: 'OpenAI: GPT-5', created: 5, inputModalities: ['text', 'image'], outputModalities: ['text'] },
    ]);
  });
});
