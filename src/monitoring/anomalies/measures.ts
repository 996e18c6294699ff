import type { Baseline } from './baseline.js';
import type { Point, Subject } from './series.js';

export const ANOMALY_TYPES = ['latency_spike', 'error_surge', 'cost_spike', 'unusual_pattern'] as const;
export type AnomalyType = (typeof ANOMALY_TYPES)[number];
export type MeasureName = 'latency' | 'error_rate' | 'cost' | 'traffic' | 'token_efficiency';

/** Something that may be unusual about a series. */
export interface Measure {
  readonly name: MeasureName;
  readonly type: AnomalyType;
  readonly kinds: readonly Subject['kind'][];
  /** Undefined where a point has too little to say. */
  readonly valueOf: (point: Point) => number | undefined;
  /** Chance alone makes values differ by that much, however steady they were so far. */
  readonly leastSpread: (baseline: Baseline, point: Point) => number;
  /** How far a value is from the usual, in units of the value; the difference, unless said otherwise. */
  readonly distance?: (value: number, baseline: Baseline) => number;
  /** Whether anybody would care. */
  readonly matters: (value: number, baseline: Baseline, point: Point) => boolean;
  readonly show: (value: number) => string;
}

const EVERYBODY: Measure['kinds'] = ['provider', 'model', 'key'];
const LEAST_REQUESTS = 10;
const of = (point: Point, value: number) => (point.requests < LEAST_REQUESTS ? undefined : value);

export const MEASURES: readonly Measure[] = [
  {
    name: 'latency',
    type: 'latency_spike',
    kinds: ['provider', 'model'],
    valueOf: (point) => (point.completed < LEAST_REQUESTS ? undefined : point.durationMs / point.completed),
    leastSpread: ({ median }) => 0.12 * median,
    matters: (value, { median }) => value > 1.5 * median && value > median + 200,
    show: (value) => `${(value / 1000).toPrecision(3)} s`,
  },
  {
    name: 'error_rate',
    type: 'error_surge',
    kinds: EVERYBODY,
    valueOf: (point) => of(point, point.failed / Math.max(point.requests, 1)),
    leastSpread: ({ median }, { requests }) => {
      const share = Math.max(median, 0.01);
      return Math.sqrt((share * (1 - share)) / Math.max(requests, 1));
    },
    matters: (value, { median }, { failed }) => value > median + 0.1 && failed >= 5,
    show: (value) => `${(value * 100).toFixed(1)} %`,
  },
  {
    name: 'cost',
    type: 'cost_spike',
    kinds: EVERYBODY,
    valueOf: ({ cost }) => cost,
    leastSpread: ({ median }) => 0.2 * median + 0.01,
    matters: (value, { median, knowsRhythm }) => value > (knowsRhythm ? 2 : 4) * median && value > median + 0.1,
    show: (value) => `$${value.toFixed(4)}`,
  },
  {
    name: 'traffic',
    type: 'unusual_pattern',
    kinds: EVERYBODY,
    valueOf: ({ requests }) => requests,
    leastSpread: ({ median }) => Math.hypot(0.1 * median, Math.sqrt(Math.max(median, 1))),
    // There is only so much less than usual, but silence is as far away from it as any crowd.
    distance: (value, { median }) => (value < median ? median * Math.log((median + 1) / (value + 1)) : value - median),
    matters: (value, { median, knowsRhythm }) =>
      value < median ? median >= 20 && value < 0.3 * median : value > (knowsRhythm ? 3 : 5) * median && value >= 50,
    show: (value) => `${value} requests`,
  },
  {
    name: 'token_efficiency',
    type: 'unusual_pattern',
    kinds: ['model'],
    valueOf: (point) => (point.inputTokens === 0 ? undefined : of(point, point.outputTokens / point.inputTokens)),
    leastSpread: ({ median }) => 0.15 * median,
    matters: (value, { median }) => value > 2.5 * median || value < 0.35 * median,
    show: (value) => `${value.toPrecision(3)} output tokens for each input token`,
  },
];
