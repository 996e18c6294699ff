import fc from 'fast-check';
import type { CatalogModel, Offer } from '../../catalog/catalog-model.js';
import { flat } from '../../catalog/price.js';
import { ALL_PROVIDERS } from '../../providers/all-providers.js';
import type { LlmProvider } from '../../providers/llm-provider.js';
import { providerIdOf, type OfferStanding } from './candidate.js';
import { plan, type RoutingQuestion } from './planner.js';
import { readNeeds } from './request-needs.js';
import { readPreferences } from './routing-preferences.js';

const FREE = flat(0);
const [SOME_PROVIDER] = ALL_PROVIDERS as [LlmProvider];
const GOOD: OfferStanding = {
  isInMaintenance: false,
  breaker: 'closed',
  isPaused: false,
  successRate: undefined,
  firstTokenMs: undefined,
  tokensPerSecond: undefined,
  load: 0,
};

interface Given extends Partial<Omit<Offer, 'connected' | 'price'>> {
  readonly dollars?: number;
  readonly refusesParameters?: readonly string[];
}

function offer(id: string, { dollars = 1, refusesParameters = [], ...more }: Given = {}): Offer {
  const provider: LlmProvider = {
    id,
    name: id,
    baseUrl: 'http://x',
    dialect: SOME_PROVIDER.dialect,
    refusesParameters,
  };
  const deadlines = { connectMs: 1, firstTokenMs: 1, idleMs: 1, totalMs: 1 };
  const price = flat(dollars);
  const kinds = { cacheRead: price, cacheWrite: price, cacheWriteHour: price, audioInput: price };
  return {
    connected: { provider, baseUrl: 'http://x', headers: {}, deadlines },
    nativeId: 'native',
    contextLength: undefined,
    maxOutputTokens: undefined,
    inputModalities: undefined,
    supportedParameters: undefined,
    weight: 1,
    priority: 0,
    price: () => ({ ...kinds, input: price, output: price, reasoning: price, audioOutput: FREE }),
    ...more,
  };
}

function model(id: string, ...[first, ...others]: Offer[]): CatalogModel {
  if (!first) throw new Error('A model has at least one offer.');
  const modalities = { input: ['text'], output: ['text'] };
  return {
    id,
    name: id,
    ownedBy: 'x',
    created: 0,
    contextLength: undefined,
    maxOutputTokens: undefined,
    modalities,
    capabilities: [],
    supportedParameters: [],
    offers: [first, ...others],
  };
}

interface Situation {
  readonly request?: Record<string, unknown>;
  readonly standings?: Readonly<Record<string, Partial<OfferStanding>>>;
  readonly more?: Partial<RoutingQuestion>;
}

function order(models: readonly CatalogModel[], { request = {}, standings = {}, more = {} }: Situation = {}) {
  const given = { messages: [{ role: 'user', content: 'Hi' }], ...request };
  const made = plan({
    models,
    request: given,
    needs: readNeeds(given),
    preferences: readPreferences(given),
    standingOf: (candidate) => ({ ...GOOD, ...standings[providerIdOf(candidate)] }),
    warmProvider: undefined,
    incumbentOf: () => undefined,
    random: () => 0.5,
    ...more,
  });
  return {
    attempts: made.attempts.map((one) => `${one.model.id}@${providerIdOf(one)}`),
    ids: made.attempts.map(providerIdOf),
    refused: made.refused.map((one) => [providerIdOf(one), one.reason]),
  };
}

const THREE = model(
  'm',
  offer('dear', { dollars: 9 }),
  offer('cheap', { dollars: 1 }),
  offer('middle', { dollars: 3 }),
);

describe('the plan of a call', () => {
  it('begins with the cheapest when nothing else is known, and leaves nobody out', () => {
    expect(order([THREE]).ids).toEqual(['cheap', 'middle', 'dear']);
  });

  it.each([
    ['slow', { firstTokenMs: 40_000 }, { firstTokenMs: 400 }],
    ['unreliable', { successRate: 0.5 }, {}],
    ['busy', { load: 400 }, {}],
  ])('prefers a dearer offer to a %s one', (_, cheap, middle) => {
    expect(order([THREE], { standings: { cheap, middle } }).ids[0]).toBe('middle');
  });

  it('stays with the incumbent until another is clearly better', () => {
    const pair = model('m', offer('a', { dollars: 1 }), offer('b', { dollars: 1.1 }));
    const incumbentOf = () => 'b';
    expect(order([pair], { more: { incumbentOf } }).ids[0]).toBe('b');
    const dearer = model('m', offer('a', { dollars: 1 }), offer('b', { dollars: 1.5 }));
    expect(order([dearer], { more: { incumbentOf } }).ids[0]).toBe('a');
  });

  it('goes where the prompt cache is warm, but not against the wish of the caller', () => {
    const more = { warmProvider: 'dear' };
    expect(order([THREE], { more }).ids[0]).toBe('dear');
    expect(order([THREE], { more, request: { provider: { order: ['middle'] } } }).ids).toEqual([
      'middle',
      'dear',
      'cheap',
    ]);
  });

  it('tries what is hardly known now and then, when it is not dear', () => {
    const pair = model(
      'm',
      offer('known', { dollars: 1 }),
      offer('new', { dollars: 1.2 }),
      offer('dear', { dollars: 9 }),
    );
    const standings = { known: { firstTokenMs: 10 } };
    expect(order([pair], { standings, more: { random: () => 0.01 } }).ids[0]).toBe('new');
    expect(order([pair], { standings }).ids[0]).toBe('known');
  });

  it('puts what is broken or paused behind all others, also behind those of another model', () => {
    const models = [THREE, model('other', offer('spare'))];
    const standings = { cheap: { breaker: 'open' as const }, middle: { isPaused: true } };
    expect(order(models, { standings }).attempts).toEqual(['m@dear', 'other@spare', 'm@cheap', 'm@middle']);
  });

  it.each([
    ['price', ['cheap', 'middle', 'dear']],
    ['latency', ['dear', 'middle', 'cheap']],
    ['throughput', ['middle', 'cheap', 'dear']],
  ])('sorts by %s alone when the caller says so', (sort, expected) => {
    const standings = {
      cheap: { tokensPerSecond: 20 },
      middle: { firstTokenMs: 300, tokensPerSecond: 90 },
      dear: { firstTokenMs: 100 },
    };
    expect(order([THREE], { standings, request: { provider: { sort } } }).ids).toEqual(expected);
  });

  it.each([
    [{ order: ['dear', 'cheap'] }, ['dear', 'cheap', 'middle']],
    [{ order: ['dear'], allow_fallbacks: false }, ['dear']],
    [{ allow_fallbacks: false }, ['cheap']],
    [{ only: ['Middle', 'dear'] }, ['middle', 'dear']],
    [{ ignore: ['cheap'] }, ['middle', 'dear']],
    [{ max_price: { prompt: 3 } }, ['cheap', 'middle']],
    [{ max_price: { completion: '1' } }, ['cheap']],
  ])('heeds %j', (provider, expected) => {
    expect(order([THREE], { request: { provider } }).ids).toEqual(expected);
  });

  it('splits the calls by weights', () => {
    const weighted = model('m', offer('a', { weight: 3 }), offer('b', { weight: 1 }), offer('never', { weight: 0 }));
    let seed = 1;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const firsts = Array.from({ length: 4_000 }, () => order([weighted], { more: { random } }).ids[0]);
    expect(firsts.filter((id) => id === 'a').length / firsts.length).toBeCloseTo(0.75, 1);
    expect(order([weighted]).refused).toEqual([['never', 'switched_off']]);
  });

  it('tries a higher priority first, whatever it costs', () => {
    expect(order([model('m', offer('a'), offer('b', { priority: 1, dollars: 50 }))]).ids).toEqual(['b', 'a']);
  });

  it.each([
    ['in maintenance', {}, { isInMaintenance: true }, {}, 'maintenance'],
    ['too short', { contextLength: 100 }, {}, { messages: [{ content: 'x'.repeat(3_000) }] }, 'context'],
    [
      'blind',
      { inputModalities: new Set(['text']) },
      {},
      { messages: [{ content: [{ type: 'image_url', image_url: { url: 'data:' } }] }] },
      'modality',
    ],
    ['without tools', { supportedParameters: new Set(['temperature']) }, {}, { tools: [{}] }, 'feature'],
    [
      'not taking a parameter that is required',
      { refusesParameters: ['seed'] },
      {},
      { seed: 1, provider: { require_parameters: true } },
      'parameters',
    ],
  ])('leaves out an offer that is %s', (...[, given, standing, request, reason]) => {
    const pair = model('m', offer('unfit', given), offer('fit', { dollars: 5 }));
    const made = order([pair], { request, standings: { unfit: standing } });
    expect(made).toMatchObject({ ids: ['fit'], refused: [['unfit', reason]] });
  });

  it('tries an offer that may be too short for the prompt after those that are long enough', () => {
    const pair = model('m', offer('short', { contextLength: 100 }), offer('long', { contextLength: 900, dollars: 5 }));
    const ofLength = (length: number) =>
      order([pair], { request: { messages: [{ content: 'x'.repeat(length) }] } }).ids;
    expect([ofLength(200), ofLength(600)]).toEqual([
      ['short', 'long'],
      ['long', 'short'],
    ]);
  });

  it('never holds the unknown against an offer', () => {
    const request = { tools: [{}], messages: [{ content: [{ type: 'file', file: {} }] }] };
    expect(order([THREE], { request }).refused).toEqual([]);
  });

  it('has every eligible offer exactly once, whatever the situation', () => {
    const anyStanding = fc.record({
      breaker: fc.constantFrom('closed' as const, 'open' as const, 'half_open' as const),
      isPaused: fc.boolean(),
      successRate: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      firstTokenMs: fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }), { nil: undefined }),
      load: fc.nat(1_000),
    });
    const anyOffer = fc.record({ dollars: fc.nat(50), priority: fc.nat(2), weight: fc.nat(3) });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyOffer, anyStanding), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.option(fc.nat(20), { nil: undefined }),
        (given, draw, warm) => {
          const offers = given.map(([one], index) => offer(`p${index}`, one));
          const standings = Object.fromEntries(given.map(([, standing], index) => [`p${index}`, standing]));
          const more = { random: () => draw, warmProvider: warm === undefined ? undefined : `p${warm}` };
          const { ids } = order([model('m', ...offers)], { standings, more });
          const eligible = offers.filter(({ weight }) => weight > 0).map(({ connected }) => connected.provider.id);
          expect([...ids].sort()).toEqual([...eligible].sort());
        },
      ),
    );
  });
});
