import { bucketsOf, type Tally } from '../providers/traffic/tally.js';
import type { Probe } from './health-report.js';
import { healthScore } from './health-score.js';
import { judgeHealth, type HealthFacts } from './health-state.js';

const GOAL = { targetMs: 2_000, limitMs: 10_000 };

function traffic(answered: number, faults: number, latencyMs = 500): Tally {
  const attempts = answered + faults;
  const latencies = bucketsOf(Array.from({ length: answered }, () => latencyMs));
  return { attempts, answered, latencies, dayAttempts: attempts, dayAnswered: answered };
}

const probes = (...outcomes: boolean[]): Probe[] =>
  outcomes.map((isOk, at) => ({ providerId: 'p', at, isOk, latencyMs: 100 }));

const judge = (facts: Partial<HealthFacts>) =>
  judgeHealth({ tallies: [], probes: [], isInMaintenance: false, remembered: undefined, ...facts }, GOAL);

describe('the health score', () => {
  it.each([
    [{ isAvailable: true, errorRate: 0, latencyP95Ms: 1_000 }, 1],
    [{ isAvailable: true, errorRate: 0, latencyP95Ms: 6_000 }, 0.85],
    [{ isAvailable: true, errorRate: 0.5, latencyP95Ms: 20_000 }, 0.55],
    [{ isAvailable: false, errorRate: 1, latencyP95Ms: undefined }, 0],
  ])('of %j is %d', (facts, score) => {
    expect(healthScore(facts, GOAL)).toBeCloseTo(score);
  });
});

describe('the health of a provider', () => {
  it.each<[string, Partial<HealthFacts>, object]>([
    ['unknown when nobody asked', {}, { status: 'unknown', isAvailable: undefined, score: undefined }],
    ['unknown after a few attempts', { tallies: [traffic(1, 3)] }, { status: 'unknown', errorRate: undefined }],
    ['healthy', { tallies: [traffic(20, 1)] }, { status: 'healthy', isAvailable: true }],
    ['degraded when it fails now and then', { tallies: [traffic(8, 2)] }, { status: 'degraded', errorRate: 0.2 }],
    ['degraded when it is slow', { tallies: [traffic(20, 0, 12_000)] }, { status: 'degraded', errorRate: 0 }],
    ['unhealthy when most attempts fail', { tallies: [traffic(2, 8)] }, { status: 'unhealthy', isAvailable: false }],
    ['what two gateways saw together', { tallies: [traffic(3, 1), traffic(3, 3)] }, { errorRate: 0.4, attempts: 10 }],
    ['unknown after one probe', { probes: probes(false) }, { status: 'unknown' }],
    ['healthy when probes are answered', { probes: probes(true, true) }, { status: 'healthy', source: 'probes' }],
    ['unhealthy when none is', { probes: probes(true, false, false) }, { status: 'unhealthy', isAvailable: false }],
    ['healthy once they are answered again', { probes: probes(false, false, true, true) }, { status: 'healthy' }],
    [
      'what probes and a few calls say together',
      { tallies: [traffic(0, 3)], probes: probes(true, true) },
      { status: 'unhealthy', errorRate: 0.6, source: 'probes' },
    ],
    [
      'what traffic says, whatever probes do',
      { tallies: [traffic(20, 0)], probes: probes(false, false) },
      { status: 'healthy', source: 'traffic' },
    ],
    [
      'nobody’s business in maintenance',
      { tallies: [traffic(0, 20)], isInMaintenance: true },
      { status: 'maintenance', isAvailable: false },
    ],
  ])('is %s', (_, facts, expected) => {
    expect(judge(facts)).toMatchObject(expected);
  });

  it('is what it was, until something newer is known', () => {
    const remembered = { ...judge({ tallies: [traffic(2, 8)] }) };
    expect(judge({ remembered })).toMatchObject({ status: 'unhealthy', source: 'memory', errorRate: 0.8, attempts: 0 });
    expect(judge({ remembered, probes: probes(true, true) })).toMatchObject({ status: 'healthy', source: 'probes' });
    expect(judge({ remembered, isInMaintenance: true })).toMatchObject({ status: 'maintenance' });
  });

  it('has an uptime of the day', () => {
    const day = { ...traffic(0, 0), dayAttempts: 100, dayAnswered: 99 };
    expect(judge({ tallies: [day] })).toMatchObject({ status: 'unknown', uptime: 0.99 });
  });
});
