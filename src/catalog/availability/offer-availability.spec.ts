import { readEnv } from '../../config/env.js';
import { ALL_PROVIDERS } from '../../providers/all-providers.js';
import type { BreakerView } from '../../providers/breaker/breaker-metrics.js';
import { connect } from '../../providers/connected-provider.js';
import { OfferTraffic, type TrafficSnapshot } from '../../providers/traffic/offer-traffic.js';
import { buildSnapshot } from '../catalog-snapshot.js';
import { offersOf } from '../provider-offers.js';
import type { Offer } from '../catalog-model.js';
import { flat } from '../price.js';
import { summarise } from './availability-summary.js';
import { viewModelAvailability } from './availability-view.js';
import { bestStatus, compare, isUsable, judge, type OfferFacts } from './offer-availability.js';

const KEYS = { OPENAI_API_KEY: 'a-key', OPENROUTER_API_KEY: 'a-key' };
const connected = ALL_PROVIDERS.filter(({ id }) => ['openai', 'openrouter'].includes(id)).flatMap(
  (provider) => connect(provider, KEYS, readEnv({})) ?? [],
);
const model = buildSnapshot(
  connected,
  connected.flatMap((one) => offersOf(one)),
).models.get('openai/gpt-5');
if (!model) throw new Error('The price list has lost the model.');
const [first] = model.offers;

const NOTHING: OfferFacts = { maintenance: undefined, breaker: undefined, pausedUntil: undefined, traffic: undefined };
const MAINTENANCE = { providerId: 'openai', modelId: undefined, from: 0, until: undefined, reason: 'new racks' };

function breaker(state: BreakerView['state']): BreakerView {
  const openUntil = state === 'open' ? 5_000 : undefined;
  return { providerId: 'openai', modelId: 'openai/gpt-5', state, openUntil };
}

function traffic(good: number, bad: number, firstTokenMs = 100): TrafficSnapshot {
  const seen = new OfferTraffic(() => 1_000_000);
  const figures = { durationMs: 1_000, firstTokenMs, tokensPerSecond: 33.333 };
  for (let attempt = 0; attempt < good; attempt += 1) seen.observe({ ...figures, isOk: true });
  for (let attempt = 0; attempt < bad; attempt += 1) seen.observe({ ...figures, isOk: false });
  return seen.snapshot();
}

const priced = (dollars: number, facts: Partial<OfferFacts> = {}, more: Partial<Offer> = {}) => {
  const price = { ...first.price(), input: flat(dollars), output: flat(dollars) };
  return judge({ ...first, ...more, price: () => price }, { ...NOTHING, ...facts });
};

describe('the availability of an offer', () => {
  it.each([
    ['unknown', undefined, {}],
    ['unknown', undefined, { traffic: traffic(2, 0) }],
    ['available', undefined, { traffic: traffic(19, 1), breaker: breaker('closed') }],
    ['degraded', 'failing', { traffic: traffic(8, 2) }],
    ['degraded', 'recovering', { traffic: traffic(10, 0), breaker: breaker('half_open') }],
    ['unavailable', 'breaker_open', { breaker: breaker('open') }],
    ['unavailable', 'paused', { pausedUntil: 9_000, breaker: breaker('half_open') }],
    ['maintenance', 'maintenance', { maintenance: MAINTENANCE, breaker: breaker('open') }],
  ])('is %s, because it is %s, from %j', (status, reason, facts) => {
    expect(judge(first, { ...NOTHING, ...facts })).toMatchObject({ status, reason });
  });

  it('is unavailable when an administrator switched it off', () => {
    expect(priced(1, {}, { weight: 0 })).toMatchObject({ status: 'unavailable', reason: 'switched_off' });
  });

  it('puts healthy before cheap before fast, and holds nothing against what is unknown', () => {
    const offers = {
      broken: priced(1, { breaker: breaker('open') }),
      dear: priced(3, { traffic: traffic(10, 0) }),
      unknown: priced(2),
      slow: priced(2, { traffic: traffic(10, 0, 900) }),
      fast: priced(2, { traffic: traffic(10, 0, 90) }),
      failing: priced(1, { traffic: traffic(5, 5) }),
    };
    const names = Object.entries(offers)
      .sort(([, a], [, b]) => compare(a, b))
      .map(([name]) => name);
    expect(names).toEqual(['fast', 'slow', 'unknown', 'dear', 'failing', 'broken']);
    expect(Object.values(offers).filter((offer) => !isUsable(offer))).toEqual([offers.broken]);
  });
});

describe('the availability of a model', () => {
  const offers = [
    priced(1, { traffic: traffic(19, 1), breaker: breaker('closed') }),
    priced(2, { breaker: breaker('open') }),
    priced(3, { maintenance: MAINTENANCE }),
  ];

  it('is that of its best offer', () => {
    expect([bestStatus(offers), bestStatus(offers.slice(1)), bestStatus(offers.slice(2))]).toEqual([
      'available',
      'unavailable',
      'maintenance',
    ]);
  });

  it('shows what is known, and null where nothing is', () => {
    const view = viewModelAvailability({ model, offers });
    expect(view).toMatchObject({ id: 'openai/gpt-5', object: 'model.availability', status: 'available' });
    expect(view.offers[0]).toMatchObject({
      breaker: 'closed',
      attempts: 20,
      success_rate: 0.95,
      latency_p50_ms: 1_000,
      tokens_per_second: 33.3,
      uptime_24h: 0.95,
      last_used_at: '1970-01-01T00:16:40.000Z',
    });
    expect(view.offers[1]).toMatchObject({
      breaker: 'open',
      unavailable_until: '1970-01-01T00:00:05.000Z',
      success_rate: null,
      uptime_24h: null,
    });
    expect(view.offers[2]).toMatchObject({
      unavailable_until: null,
      maintenance: { id: 'openai', reason: 'new racks', until: null },
    });
  });

  it('is counted, for models and for providers', () => {
    const none = { total: 0, available: 0, unknown: 0, degraded: 0, unavailable: 0, maintenance: 0 };
    expect(summarise([{ model, offers }])).toEqual({
      models: { ...none, total: 1, available: 1 },
      providers: [
        {
          provider: first.connected.provider.id,
          status: 'available',
          offers: { ...none, total: 3, available: 1, unavailable: 1, maintenance: 1 },
        },
      ],
    });
  });
});
