import { randomUUID } from 'node:crypto';
import postgresClient from 'postgres';
import type { Actor } from '../../../src/auth/api-key-settings.js';
import { AuditRepository } from '../../../src/auth/persistence/audit.repository.js';
import { OverridesRepository } from '../../../src/catalog/persistence/overrides.repository.js';
import { completePrice, flat } from '../../../src/catalog/price.js';
import type { DatabaseApplication } from '../../support/database.js';
import { describeStored } from '../../support/stored.js';

const ACTOR: Actor = { userId: randomUUID(), address: '192.0.2.1' };

describeStored('what administrators say of the catalogue', (store) => {
  const { onPostgres } = store;
  let database: DatabaseApplication;
  let overrides: OverridesRepository;
  let audit: AuditRepository;

  beforeAll(() => {
    ({ database } = store);
    overrides = new OverridesRepository(database.service);
    audit = new AuditRepository(database.service);
  });

  const offers = async () => (await overrides.read()).offers;
  const noted = async (resource: string) => {
    const page = { userId: undefined, action: undefined, since: undefined, until: undefined, before: undefined };
    const rows = await audit.list({ ...page, resource, limit: 10 });
    return rows.map(({ action, user_id: userId, address, detail }) => ({ action, userId, address, detail }));
  };

  it('comes back as it was said, and what was not named stays', async () => {
    const id = 'openai/gpt-5';
    await overrides.changeModel(ACTOR, id, {
      provider: 'azure',
      active: false,
      name: 'Ours',
      native_id: 'our-deployment',
      pricing: { prompt: '0.00000125', completion: '0.000010000001' },
      context_length: 1_000,
      max_output_tokens: 100,
      capabilities: ['vision', 'tools'],
      weight: 0.25,
    });
    await overrides.changeModel(ACTOR, id, { provider: 'azure', active: true });
    expect(await offers()).toEqual([
      {
        modelId: id,
        providerId: 'azure',
        isActive: true,
        name: 'Ours',
        nativeId: 'our-deployment',
        price: completePrice({ input: flat(1.25), output: flat(10.000001) }),
        contextLength: 1_000,
        maxOutputTokens: 100,
        capabilities: ['tools', 'vision'],
        weight: 0.25,
      },
    ]);
  });

  it('is forgotten by null, and written down', async () => {
    const id = 'openai/gpt-4o';
    const nothing = {
      name: null,
      native_id: null,
      pricing: null,
      context_length: null,
      max_output_tokens: null,
      capabilities: null,
      weight: null,
    };
    await overrides.changeModel(ACTOR, id, { provider: 'openai', weight: 0, capabilities: [], context_length: 5 });
    const [said] = (await offers()).filter(({ modelId }) => modelId === id);
    expect(said).toMatchObject({ weight: 0, capabilities: [], contextLength: 5 });
    await overrides.changeModel(ACTOR, id, { provider: 'openai', ...nothing });
    const [forgotten] = (await offers()).filter(({ modelId }) => modelId === id);
    expect(forgotten).toEqual({
      modelId: id,
      providerId: 'openai',
      isActive: true,
      name: undefined,
      nativeId: undefined,
      price: undefined,
      contextLength: undefined,
      maxOutputTokens: undefined,
      capabilities: undefined,
      weight: undefined,
    });
    expect(await noted(`model:openai:${id}`)).toEqual([
      { action: 'model.changed', ...ACTOR, detail: nothing },
      { action: 'model.changed', ...ACTOR, detail: { weight: 0, capabilities: [], context_length: 5 } },
    ]);
  });

  it('tells of providers, too', async () => {
    const groq = { id: 'groq', name: 'Groq', endpoint: 'https://api.groq.com/openai/v1', credentials: 'GROQ_API_KEY' };
    await overrides.changeProvider(ACTOR, groq, { priority: 2 });
    await overrides.changeProvider(ACTOR, groq, { enabled: false });
    expect([...(await overrides.read()).providers]).toEqual([['groq', { isEnabled: false, priority: 2 }]]);
    expect(await noted('provider:groq')).toMatchObject([{ detail: { enabled: false } }, { detail: { priority: 2 } }]);
  });

  it('remembers the last edition of each list that was accepted', async () => {
    await overrides.accept(ACTOR, { source: 'groq', digest: 'one', doubts: ['Models: 1 instead of 3.'] });
    await overrides.accept(ACTOR, { source: 'groq', digest: 'two', doubts: [] });
    await overrides.accept(ACTOR, { source: 'models.dev', digest: 'three', doubts: [] });
    expect(await overrides.accepted()).toEqual(new Set(['two', 'three']));
    expect((await noted('model_list:groq')).at(-1)).toEqual({
      action: 'model_list.accepted',
      ...ACTOR,
      detail: { digest: 'one', doubts: 'Models: 1 instead of 3.' },
    });
  });

  onPostgres('may be more than one page', async () => {
    const sql = postgresClient(store.postgresUrl, { max: 1 });
    await sql`insert into public.models (id, provider) select 'many/' || n, 'groq' from generate_series(1, 1001) as n`;
    await sql.end();
    const found = (await offers()).filter(({ modelId }) => modelId.startsWith('many/'));
    expect(new Set(found.map(({ modelId }) => modelId)).size).toBe(1_001);
  });
});
