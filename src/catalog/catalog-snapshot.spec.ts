import { readEnv } from '../config/env.js';
import { ALL_PROVIDERS } from '../providers/all-providers.js';
import { connect, type ConnectedProvider } from '../providers/connected-provider.js';
import type { LlmProvider } from '../providers/llm-provider.js';
import { buildSnapshot, type CatalogSnapshot } from './catalog-snapshot.js';
import type { ModelFacts } from './model-facts.js';
import type { OfferOverride } from './overrides/overrides.js';
import { completePrice, flat } from './price.js';
import { NO_KNOWLEDGE, offersOf, type Knowledge } from './provider-offers.js';
import { NO_LISTS } from './public-lists/public-lists.js';

const env = readEnv({});

function connected(...ids: string[]): ConnectedProvider[] {
  const variables = { AZURE_OPENAI_ENDPOINT: 'https://x.example', ...Object.fromEntries(ALL_PROVIDERS.map(keyOf)) };
  return ids.flatMap(
    (id) => connect(ALL_PROVIDERS.find((provider) => provider.id === id) as LlmProvider, variables, env) ?? [],
  );
}

const keyOf = ({ apiKeyVariable = 'NONE' }: LlmProvider) => [apiKeyVariable, 'a-key'] as const;

function snapshotOf(providers: readonly ConnectedProvider[], knowledge: Knowledge = NO_KNOWLEDGE): CatalogSnapshot {
  return buildSnapshot(
    providers,
    providers.flatMap((one) => offersOf(one, knowledge)),
  );
}

describe('the catalogue', () => {
  it('names models after their makers, and lets them be asked for by bare names', () => {
    const { models, aliases } = snapshotOf(connected('openai', 'openrouter'));
    expect(aliases.get('gpt-5')).toBe('openai/gpt-5');
    expect(models.get('openai/gpt-5')?.offers.map(({ connected: { provider } }) => provider.id)).toEqual([
      'openai',
      'openrouter',
    ]);
  });

  it('offers the same model from Azure', () => {
    const { models } = snapshotOf(connected('openai', 'azure'));
    const servedByBoth = [...models.values()].filter(({ offers }) => offers.length === 2);
    expect(servedByBoth.length).toBeGreaterThan(0);
    expect(servedByBoth.every(({ id }) => id.startsWith('openai/'))).toBe(true);
  });

  it('offers a model under each of the names that its provider says are the same', () => {
    const [azure] = connected('azure');
    if (!azure) throw new Error('Azure is not set up.');
    const offeredModels = { 'gpt-5': ['openai/gpt-5', 'openai/gpt-5-2025-08-07'] };
    const { models } = snapshotOf([{ ...azure, provider: { ...azure.provider, offeredModels } }]);
    expect([...models.keys()]).toEqual(['openai/gpt-5', 'openai/gpt-5-2025-08-07']);
    expect([...models.values()].map(({ offers }) => offers[0].nativeId)).toEqual(['gpt-5', 'gpt-5']);
  });

  it('keeps the prefix of native ids out of names', () => {
    const { models } = snapshotOf(connected('fireworks'));
    const model = models.get('fireworks/deepseek-v3-0324');
    expect(model?.offers[0].nativeId).toBe('accounts/fireworks/models/deepseek-v3-0324');
  });

  it("believes a provider's own list, and leaves out what has no price", () => {
    const list = [
      { nativeId: 'gpt-5', created: 7, contextLength: undefined },
      { nativeId: 'gpt-unheard-of-77', created: 8, contextLength: undefined },
    ];
    const { models, aliases } = snapshotOf(connected('openai'), {
      ...NO_KNOWLEDGE,
      discoveries: new Map([['openai', list]]),
    });
    expect([...models.keys()]).toEqual(['openai/gpt-5']);
    expect([...aliases]).toEqual([['gpt-5', 'openai/gpt-5']]);
    expect(models.get('openai/gpt-5')?.created).toBe(7);
  });

  it('knows only exact names', () => {
    const { models, aliases } = snapshotOf(connected('openai'));
    for (const name of ['gpt', 'GPT-5', 'openai/gpt', 'gpt-5 '])
      expect(models.has(name) || aliases.has(name)).toBe(false);
  });

  describe('that public lists and administrators add to', () => {
    const models = [{ nativeId: 'gpt-5', created: 7, contextLength: undefined }];
    const discoveries = new Map([
      ['openai', [...models, { nativeId: 'unheard-of', created: undefined, contextLength: undefined }]],
    ]);
    const facts: ModelFacts = {
      contextLength: 1_000,
      maxOutputTokens: 100,
      inputModalities: ['text', 'image'],
      supportedParameters: ['tools', 'reasoning', 'max_tokens'],
      price: completePrice({ input: flat(1), output: flat(2) }),
    };
    const lists = {
      ...NO_LISTS,
      modelsDev: new Map([
        [
          'openai',
          new Map([
            ['gpt-5', facts],
            ['unheard-of', facts],
          ]),
        ],
      ]),
    };
    const build = (...offers: Partial<OfferOverride>[]) =>
      snapshotOf(connected('openai'), {
        discoveries,
        lists,
        overrides: { providers: new Map(), offers: offers.map((changes) => ({ ...SAYS_NOTHING, ...changes })) },
      });
    const gpt5 = ({ models }: CatalogSnapshot) => models.get('openai/gpt-5')?.offers[0];

    it('knows limits, modalities and parameters, and a price where the price list has none', () => {
      const snapshot = build();
      expect(gpt5(snapshot)).toMatchObject({ maxOutputTokens: 100, weight: 1, priority: 0 });
      expect([...(gpt5(snapshot)?.supportedParameters ?? [])].sort()).toEqual([
        'max_completion_tokens',
        'max_tokens',
        'reasoning',
        'reasoning_effort',
        'tools',
      ]);
      expect(gpt5(snapshot)?.price().input.base).not.toBe(1_000_000n);
      expect(snapshot.models.get('openai/unheard-of')?.offers[0].price().input.base).toBe(1_000_000n);
    });

    it('lets an administrator have the last word', () => {
      const price = completePrice({ input: flat(9) });
      const said = { price, nativeId: 'gpt-5-ours', contextLength: 5, maxOutputTokens: 4, weight: 0.5, name: 'Ours' };
      const snapshot = build({ ...said, capabilities: ['files'] });
      expect(gpt5(snapshot)).toMatchObject({
        nativeId: 'gpt-5-ours',
        contextLength: 5,
        maxOutputTokens: 4,
        weight: 0.5,
      });
      expect(gpt5(snapshot)?.price()).toBe(price);
      expect(gpt5(snapshot)?.inputModalities).toEqual(new Set(['text', 'file']));
      expect(gpt5(snapshot)?.supportedParameters).toEqual(new Set(['max_tokens', 'max_completion_tokens']));
      expect(snapshot.models.get('openai/gpt-5')?.name).toBe('Ours');
    });

    it('has no offer that is switched off, but tells administrators of it', () => {
      const snapshot = build({ isActive: false });
      expect(gpt5(snapshot)).toBeUndefined();
      expect(snapshot.aliases.has('gpt-5')).toBe(false);
      expect(snapshot.described.get('openai/gpt-5')).toMatchObject([{ status: 'inactive' }]);
    });

    it('has models that only an administrator knows, once they have a price', () => {
      const modelId = 'openai/secret';
      const unpriced = build({ modelId, nativeId: 'secret-1' });
      expect(unpriced.models.has(modelId)).toBe(false);
      expect(unpriced.described.get(modelId)).toMatchObject([{ status: 'unpriced', nativeId: 'secret-1' }]);
      const { models } = build({ modelId, nativeId: 'secret-1', price: completePrice({ input: flat(1) }) });
      expect(models.get(modelId)?.offers).toHaveLength(1);
    });

    it('leaves a provider out that is disabled, and prefers one with a higher priority', () => {
      const overrides = (isEnabled: boolean) => ({
        offers: [],
        providers: new Map([['openai', { isEnabled, priority: 3 }]]),
      });
      const disabled = snapshotOf(connected('openai'), { discoveries, lists, overrides: overrides(false) });
      expect(disabled.models.size).toBe(0);
      expect(disabled.described.get('openai/gpt-5')).toMatchObject([{ status: 'provider_disabled' }]);
      const preferred = snapshotOf(connected('openai'), { discoveries, lists, overrides: overrides(true) });
      expect(gpt5(preferred)?.priority).toBe(3);
    });
  });

  it('leads from a name that is no more to what replaced it, however often, while a name that is served stays', () => {
    const list = (...ids: string[]) =>
      new Map([['google', ids.map((nativeId) => ({ nativeId, created: undefined, contextLength: undefined }))]]);
    const before = snapshotOf(connected('google'), {
      ...NO_KNOWLEDGE,
      discoveries: list('gemini-2.0-flash', 'gemini-2.5-flash'),
    });
    expect(before.redirects.has('google/gemini-2.0-flash')).toBe(false);
    const { redirects } = snapshotOf(connected('google'), {
      ...NO_KNOWLEDGE,
      discoveries: list('gemini-3.5-flash-lite'),
    });
    expect(redirects.get('google/gemini-2.0-flash')).toBe('google/gemini-3.5-flash-lite');
    expect(redirects.get('gemini-2.0-flash')).toBe('google/gemini-3.5-flash-lite');
    expect(redirects.has('google/gemini-2.5-pro')).toBe(false);
  });
});

const SAYS_NOTHING: OfferOverride = {
  modelId: 'openai/gpt-5',
  providerId: 'openai',
  isActive: true,
  name: undefined,
  nativeId: undefined,
  price: undefined,
  contextLength: undefined,
  maxOutputTokens: undefined,
  capabilities: undefined,
  weight: undefined,
};
