import { SCENARIOS } from './scenarios.mjs';

/** Figures of which the median over the rounds is told. */
const FIGURES = [
  'perSecond',
  'p50',
  'p99',
  'firstByteP50',
  'cpuPerRequest',
  'childCpuPerRequest',
  'rateP50',
  'rateP99',
];

/**
 * The rounds of each scenario and target, condensed. A ratio compares a round with the bare forwarder's of the same
 * turn, and its median is told: what else the machine does then weighs on both.
 */
export function summarise(rounds) {
  const summary = {};
  for (const [scenario, byTarget] of Object.entries(rounds)) {
    summary[scenario] = {};
    for (const [target, own] of Object.entries(byTarget)) {
      summary[scenario][target] = {
        ...medians(own),
        errors: mergeErrors(own),
        ...(byTarget.bare && compare(own, byTarget.bare)),
      };
    }
  }
  return summary;
}

function medians(own) {
  return Object.fromEntries(FIGURES.map((figure) => [figure, median(own.map((round) => round[figure]))]));
}

function compare(own, bare) {
  const over = (combine) => median(own.map((round, turn) => combine(round, bare[turn])));
  return {
    throughputRatio: over((one, other) => one.perSecond / other.perSecond),
    cpuRatio: over((one, other) => one.cpuPerRequest / other.cpuPerRequest),
    addedP50: over((one, other) => one.rateP50 - other.rateP50),
    addedP99: over((one, other) => one.rateP99 - other.rateP99),
  };
}

export function mergeErrors(rounds) {
  const merged = {};
  for (const { errors } of rounds) {
    for (const [error, { count, detail }] of Object.entries(errors)) {
      merged[error] = { count: (merged[error]?.count ?? 0) + count, detail };
    }
  }
  return merged;
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const COLUMNS = [
  ['target', 10, (_row, target) => target],
  ['requests/s', 11, (row) => row.perSecond.toFixed(0)],
  ['of bare', 8, (row) => (row.throughputRatio === undefined ? '' : `${(row.throughputRatio * 100).toFixed(0)}%`)],
  ['p50 ms', 8, (row) => row.p50.toFixed(2)],
  ['p99 ms', 8, (row) => row.p99.toFixed(2)],
  ['first byte', 11, (row) => row.firstByteP50.toFixed(2)],
  ['added p50', 10, (row) => row.addedP50?.toFixed(2) ?? ''],
  ['added p99', 10, (row) => row.addedP99?.toFixed(2) ?? ''],
  ['CPU µs', 8, (row) => row.cpuPerRequest.toFixed(0)],
  ['of bare', 8, (row) => (row.cpuRatio === undefined ? '' : `${row.cpuRatio.toFixed(2)}x`)],
  ['child µs', 9, (row) => row.childCpuPerRequest.toFixed(0)],
  ['errors', 7, (row) => String(countErrors(row))],
];

export function countErrors({ errors }) {
  return Object.values(errors).reduce((sum, { count }) => sum + count, 0);
}

/** The summary as a table that fits a terminal. */
export function table({ summary, memory }) {
  const lines = [];
  for (const [scenario, byTarget] of Object.entries(summary)) {
    lines.push('', SCENARIOS[scenario].title, COLUMNS.map(([title, width]) => title.padStart(width)).join(' '));
    for (const [target, row] of Object.entries(byTarget)) {
      lines.push(COLUMNS.map(([, width, show]) => show(row, target).padStart(width)).join(' '));
      for (const [error, { count, detail }] of Object.entries(row.errors))
        lines.push(`  ${count} × ${error} ${detail ?? ''}`);
    }
  }
  lines.push('', 'peak memory');
  for (const [target, { own, children }] of Object.entries(memory)) {
    lines.push(`${target.padStart(10)} ${own} MB${children ? `, children ${children} MB` : ''}`);
  }
  return lines.join('\n');
}
