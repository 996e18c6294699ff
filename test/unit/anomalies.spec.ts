import { randomFrom, seriesOf, virtualSeries, type Habit, type Incident } from '../support/virtual-traffic.js';
import { detect, keyOf, type Finding, type OpenAnomalies } from '../../src/monitoring/anomalies/detector.js';
import { BUCKET_MS, type Point, type Subject } from '../../src/monitoring/anomalies/series.js';

/** `ANOMALY_SEEDS=200` takes some minutes. */
const SEEDS = Number(process.env['ANOMALY_SEEDS'] ?? 1);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Wednesday, 14:00. */
const NOW = Date.UTC(2026, 10, 18, 14);
const ROUNDS = 12;

const subject = (given: Partial<Subject>): Subject => {
  return { kind: 'provider', providerId: undefined, modelId: undefined, apiKeyId: undefined, ...given };
};
const HABITS: readonly Habit[] = [
  {
    subject: subject({ providerId: 'large' }),
    busiest: 900,
    latencyMs: 1_500,
    errorRate: 0.01,
    dollarsPerRequest: 0.004,
  },
  {
    subject: subject({ providerId: 'small' }),
    busiest: 40,
    latencyMs: 3_000,
    errorRate: 0.02,
    dollarsPerRequest: 0.02,
  },
  { subject: subject({ providerId: 'rare' }), busiest: 3, latencyMs: 900, errorRate: 0.05, dollarsPerRequest: 0.1 },
  {
    subject: subject({ kind: 'model', providerId: 'large', modelId: 'a/model' }),
    busiest: 300,
    latencyMs: 1_200,
    errorRate: 0.005,
    dollarsPerRequest: 0.003,
  },
  {
    subject: subject({ kind: 'key', apiKeyId: 'somebody' }),
    busiest: 120,
    latencyMs: 1_200,
    errorRate: 0.01,
    dollarsPerRequest: 0.004,
  },
];

interface Round {
  readonly found: readonly Finding[];
  readonly ended: readonly string[];
}

/** Watches all habits for some rounds, after so many days; incidents befall the points of the rounds. */
function watch(seed: number, days: number, incident: Incident = (point) => point): Round[] {
  const random = randomFrom(seed);
  const steps = (days * DAY_MS) / BUCKET_MS + ROUNDS;
  const times = Array.from({ length: steps }, (_, step) => NOW - days * DAY_MS + step * BUCKET_MS).filter(isLookedAt);
  const all = HABITS.map((habit) => {
    const points = virtualSeries(habit, times, random).map((point) => (point.at >= NOW ? incident(point) : point));
    return seriesOf(
      habit,
      points.filter(({ requests }) => requests > 0),
    );
  });
  const open = new Map<string, { startedAt: number }>();
  return Array.from({ length: ROUNDS }, (_, round) => {
    const verdict = detect(all, NOW + round * BUCKET_MS, open);
    for (const finding of verdict.found) open.set(keyOf(finding.series, finding.measure), finding);
    for (const key of verdict.ended) open.delete(key);
    return verdict;
  });
}

/** Of a day nobody looks at other hours. */
function isLookedAt(at: number): boolean {
  const hours = ((((at - NOW) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
  return hours < 3 || hours > 20;
}

const seeds = Array.from({ length: SEEDS }, (_, seed) => seed + 1);
const isAt = (from: number, rounds: number) => (point: Point) =>
  point.at >= NOW + from * BUCKET_MS && point.at < NOW + (from + rounds) * BUCKET_MS;

describe('an hour of normal traffic', () => {
  it.each([
    ['two weeks', 14],
    ['four days', 4],
    ['a day', 1],
  ])('after %s alarms nobody', (_, days) => {
    const alarms = seeds.flatMap((seed) => watch(seed, days).flatMap(({ found }) => found));
    expect(alarms.map(({ explanation }) => explanation)).toEqual([]);
  });
});

describe('an incident', () => {
  const during = isAt(3, 5);
  const incidents: Readonly<Record<string, { incident: Incident; type: string; found: string[] }>> = {
    'a latency spike': {
      incident: (point) => (during(point) ? { ...point, durationMs: point.durationMs * 3 } : point),
      type: 'latency_spike',
      found: ['provider:large latency', 'provider:small latency', 'model:large:a/model latency'],
    },
    'an error surge': {
      incident: (point) => {
        const failed = Math.round(point.requests * 0.3);
        return during(point) ? { ...point, failed, completed: point.requests - failed } : point;
      },
      type: 'error_surge',
      found: ['provider:large error_rate', 'model:large:a/model error_rate', 'key:somebody error_rate'],
    },
    'a cost spike': {
      incident: (point) => (during(point) ? { ...point, cost: point.cost * 4 } : point),
      type: 'cost_spike',
      found: ['provider:large cost', 'model:large:a/model cost', 'key:somebody cost'],
    },
    'a quiet hour': {
      incident: (point) => (during(point) ? { ...point, requests: 0, completed: 0, failed: 0, cost: 0 } : point),
      type: 'unusual_pattern',
      found: ['provider:large traffic', 'provider:small traffic', 'key:somebody traffic'],
    },
  };

  describe.each(Object.entries(incidents))('such as %s', (_, { incident, type, found }) => {
    it('is found within two rounds, and once', () => {
      for (const seed of seeds) {
        const rounds = watch(seed, 14, incident);
        const early = rounds.slice(0, 3).flatMap((round) => round.found);
        const first = rounds.slice(3, 5).flatMap((round) => round.found);
        expect(early).toEqual([]);
        const keys = first.filter(({ measure }) => measure.type === type).map((one) => keyOf(one.series, one.measure));
        expect([...new Set(keys)]).toEqual(expect.arrayContaining(found));
      }
    });

    it('ends when all is usual again, and tells its beginning all the time', () => {
      for (const seed of seeds) {
        const rounds = watch(seed, 14, incident);
        const mine = (finding: Finding) => keyOf(finding.series, finding.measure) === found[0];
        const starts = new Set(rounds.flatMap((round) => round.found.filter(mine).map(({ startedAt }) => startedAt)));
        expect([...starts]).toEqual([NOW + 3 * BUCKET_MS]);
        expect(rounds.flatMap(({ ended }) => ended)).toContain(found[0]);
      }
    });
  });

  it('is told in a sentence with figures', () => {
    const { incident } = incidents['a latency spike'] ?? {};
    const findings = watch(1, 14, incident).flatMap((round) => round.found);
    const [finding] = findings.filter(({ series }) => series.subject.providerId === 'large');
    expect(finding?.explanation).toMatch(
      /^The mean latency of large is [\d.]+ s, where [\d.]+ s is usual at this hour \([\d.]+ spreads away\)\.$/,
    );
    expect(['medium', 'high', 'critical']).toContain(finding?.severity);
  });

  it('does not become usual by lasting', () => {
    const open: OpenAnomalies = new Map();
    expect(detect([], NOW, open)).toEqual({ found: [], ended: [] });
    const long: Incident = (point) => ({ ...point, durationMs: point.durationMs * 3 });
    const rounds = watch(2, 1, long);
    expect(rounds.at(-1)?.found.some(({ measure }) => measure.name === 'latency')).toBe(true);
  });
});
