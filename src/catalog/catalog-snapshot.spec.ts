import { readEnv } from '../config/env.js';
import { ALL_PROVIDERS } from '../providers/all-providers.js';
import { connect, type ConnectedProvider } from '../providers/connected-provider.js';
import type { LlmProvider } from '../providers/llm-provider.js';
import { buildSnapshot } from './catalog-snapshot.js';

const env = readEnv({});

function connected(...ids: string[]): ConnectedProvider[] {
  const variables = { AZURE_OPENAI_ENDPOINT: 'https://x.example', ...Object.fromEntries(ALL_PROVIDERS.map(keyOf)) };
  return ids.flatMap(
    (id) => connect(ALL_PROVIDERS.find((provider) => provider.id === id) as LlmProvider, variables, env) ?? [],
  );
}

const keyOf = ({ apiKeyVariable = 'NONE' }: LlmProvider) => [apiKeyVariable, 'a-key'] as const;

describe('the catalogue', () => {
  it('names models after their makers, and lets them be asked for by bare names', () => {
    const { models, aliases } = buildSnapshot(connected('openai', 'openrouter'), new Map());
    expect(aliases.get('gpt-5')).toBe('openai/gpt-5');
    expect(models.get('openai/gpt-5')?.offers.map(({ connected: { provider } }) => provider.id)).toEqual([
      'openai',
      'openrouter',
    ]);
  });

  it('offers the same model from Azure', () => {
    const { models } = buildSnapshot(connected('openai', 'azure'), new Map());
    const servedByBoth = [...models.values()].filter(({ offers }) => offers.length === 2);
    expect(servedByBoth.length).toBeGreaterThan(0);
    expect(servedByBoth.every(({ id }) => id.startsWith('openai/'))).toBe(true);
  });

  it('keeps the prefix of native ids out of names', () => {
    const { models } = buildSnapshot(connected('fireworks'), new Map());
    const model = models.get('fireworks/deepseek-v3-0324');
    expect(model?.offers[0].nativeId).toBe('accounts/fireworks/models/deepseek-v3-0324');
  });

  it("believes a provider's own list, and leaves out what has no price", () => {
    const list = [
      { nativeId: 'gpt-5', created: 7, contextLength: undefined },
      { nativeId: 'gpt-unheard-of-77', created: 8, contextLength: undefined },
    ];
    const { models, aliases } = buildSnapshot(connected('openai'), new Map([['openai', list]]));
    expect([...models.keys()]).toEqual(['openai/gpt-5']);
    expect([...aliases]).toEqual([['gpt-5', 'openai/gpt-5']]);
    expect(models.get('openai/gpt-5')?.created).toBe(7);
  });

  it('knows only exact names', () => {
    const { models, aliases } = buildSnapshot(connected('openai'), new Map());
    for (const name of ['gpt', 'GPT-5', 'openai/gpt', 'gpt-5 '])
      expect(models.has(name) || aliases.has(name)).toBe(false);
  });
});
