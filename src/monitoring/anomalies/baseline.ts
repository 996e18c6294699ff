import { BUCKET_MS, type Point, type Series } from './series.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Half an hour before and after the same time of day. */
const AROUND = 6;
const MOST_DAYS = 14;
/** Fewer earlier days tell no rhythm. */
const LEAST_DAYS = 3;
const LEAST_POINTS = 12;
const RECENT_POINTS = (2 * HOUR_MS) / BUCKET_MS;
/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const NORMAL = 1.4826;

/** How far back points are needed. */
export const LOOKBACK = { recentMs: RECENT_POINTS * BUCKET_MS, days: MOST_DAYS, aroundMs: AROUND * BUCKET_MS };

/** What is usual. */
export interface Baseline {
  readonly median: number;
  /** As a standard deviation, but not led astray by outliers. */
  readonly spread: number;
  /** Whether there were enough earlier days to know the rhythm of a day. */
  readonly knowsRhythm: boolean;
}

export interface BaselineQuestion {
  readonly series: Series;
  readonly at: number;
  /** Points from there on are unusual themselves. */
  readonly unusualSince: number | undefined;
  /** Undefined where a point says nothing of it. */
  readonly valueOf: (point: Point) => number | undefined;
}

/** From the same hour of earlier days, else from the last hours; never from the point itself. */
export function baselineOf(question: BaselineQuestion): Baseline | undefined {
  const days = Array.from({ length: MOST_DAYS }, (_, day) => sameHour(question, day + 1)).filter(
    (values) => values.length > 0,
  );
  const values = days.flat();
  if (days.length >= LEAST_DAYS && values.length >= LEAST_POINTS) return { ...spreadOf(values), knowsRhythm: true };
  const recent = Array.from({ length: RECENT_POINTS }, (_, back) => question.at - (back + 1) * BUCKET_MS);
  const lately = valuesAt(question, recent);
  return lately.length < LEAST_POINTS ? undefined : { ...spreadOf(lately), knowsRhythm: false };
}

function sameHour(question: BaselineQuestion, daysAgo: number): number[] {
  const around = Array.from({ length: 2 * AROUND + 1 }, (_, step) => (step - AROUND) * BUCKET_MS);
  return valuesAt(
    question,
    around.map((offset) => question.at - daysAgo * DAY_MS + offset),
  );
}

function valuesAt({ series, unusualSince = Infinity, valueOf }: BaselineQuestion, times: readonly number[]): number[] {
  const points = times.filter((time) => time < unusualSince).map((time) => series.at(time));
  return points.flatMap((point) => (point && valueOf(point)) ?? []);
}

function spreadOf(values: readonly number[]): { median: number; spread: number } {
  const median = medianOf(values);
  return { median, spread: NORMAL * medianOf(values.map((value) => Math.abs(value - median))) };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [left = 0, right = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? right : (left + right) / 2;
}
