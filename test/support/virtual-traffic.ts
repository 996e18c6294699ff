import { Series, type Point, type Subject } from '../../src/monitoring/anomalies/series.js';

const DAY_MS = 86_400_000;

/** Numbers that look random and are the same for a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How much somebody asks, and how a provider answers. */
export interface Habit {
  readonly subject: Subject;
  /** Requests of five minutes at the busiest hour. */
  readonly busiest: number;
  readonly latencyMs: number;
  readonly errorRate: number;
  readonly dollarsPerRequest: number;
}

/** What happens to some points: a fault, a bill, silence. */
export type Incident = (point: Point) => Point;

/** Traffic with a rhythm of days and weeks, and chance in all of it. */
export function virtualSeries(habit: Habit, times: readonly number[], random: () => number): Point[] {
  return times.map((at) => pointAt(habit, at, random)).filter(({ requests }) => requests > 0);
}

export function seriesOf(habit: Habit, points: readonly Point[]): Series {
  return new Series(habit.subject, points);
}

function pointAt(habit: Habit, at: number, random: () => number): Point {
  const hour = (at % DAY_MS) / 3_600_000;
  const day = Math.floor(at / DAY_MS) % 7;
  const rhythm = 0.55 + 0.45 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
  const requests = poisson(habit.busiest * rhythm * (day < 2 ? 0.7 : 1), random);
  const failed = binomial(requests, habit.errorRate, random);
  const completed = requests - failed;
  const mean = (value: number, width: number) => sumOfMany({ count: completed, value, width }, random);
  const outputTokens = Math.round(mean(200, 0.8));
  return {
    at,
    requests,
    completed,
    failed,
    durationMs: mean(habit.latencyMs, 0.6),
    inputTokens: Math.round(mean(800, 0.7)),
    outputTokens,
    cost: (outputTokens / 200) * habit.dollarsPerRequest,
  };
}

/** The sum of so many values that are lognormal about one; of many by the law of large numbers. */
function sumOfMany({ count, value, width }: Record<'count' | 'value' | 'width', number>, random: () => number): number {
  if (count > 12) {
    const deviation = Math.sqrt((Math.exp(width ** 2) - 1) / count);
    return count * value * Math.exp(width ** 2 / 2) * (1 + deviation * normal(random));
  }
  let all = 0;
  for (let one = 0; one < count; one += 1) all += value * Math.exp(width * normal(random));
  return all;
}

function poisson(mean: number, random: () => number): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
}

function binomial(count: number, share: number, random: () => number): number {
  if (count * share > 20) return Math.min(count, poisson(count * share, random));
  let all = 0;
  for (let one = 0; one < count; one += 1) if (random() < share) all += 1;
  return all;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
