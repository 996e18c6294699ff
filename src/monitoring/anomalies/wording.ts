import type { Baseline } from './baseline.js';
import type { Measure, MeasureName } from './measures.js';
import type { Subject } from './series.js';

/** The worst last. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Facts {
  readonly subject: Subject;
  readonly measure: Measure;
  readonly value: number;
  readonly baseline: Baseline;
  readonly score: number;
}

const NAMES: Readonly<Record<MeasureName, string>> = {
  latency: 'The mean latency',
  error_rate: 'The error rate',
  cost: 'The cost of five minutes',
  traffic: 'The traffic of five minutes',
  token_efficiency: 'The token efficiency',
};

/** By how far it is off, and for errors and silence by how bad they are for callers. */
export function severityOf({ measure, value, baseline, score }: Facts): Severity {
  if (measure.name === 'error_rate' && value >= 0.25) return value >= 0.5 ? 'critical' : 'high';
  if (measure.name === 'traffic' && value === 0) return 'high';
  const times = timesOff(value, baseline.median);
  const worst = SEVERITIES.toReversed().find(
    (severity) => score >= FROM[severity].score && times >= FROM[severity].times,
  );
  return worst ?? 'low';
}

/** How many spreads, and how many times as much or as little, make it how bad. */
const FROM: Readonly<Record<Severity, { readonly score: number; readonly times: number }>> = {
  low: { score: 0, times: 0 },
  medium: { score: 8, times: 0 },
  high: { score: 15, times: 3 },
  critical: { score: 30, times: 5 },
};

function timesOff(value: number, usual: number): number {
  if (usual === 0 || value === 0) return Infinity;
  return Math.max(value / usual, usual / value);
}

/** One sentence with the figures in it. */
export function explain({ subject, measure, value, baseline, score }: Facts): string {
  const usual = baseline.knowsRhythm ? 'is usual at this hour' : 'was usual in the last hours';
  const is = `is ${measure.show(value)}, where ${measure.show(baseline.median)} ${usual}`;
  return `${NAMES[measure.name]} of ${shown(subject)} ${is} (${score.toFixed(1)} spreads away).`;
}

function shown({ kind, providerId = '', modelId = '', apiKeyId = '' }: Subject): string {
  if (kind === 'key') return `API key ${apiKeyId}`;
  return kind === 'model' ? `${modelId} at ${providerId}` : providerId;
}
