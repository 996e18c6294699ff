import type { Eventually } from '../eventually.js';

/** Prometheus' own text, and OpenMetrics, which can carry exemplars. */
export type ExpositionFormat = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

export type Labels = Readonly<Partial<Record<string, string | number>>>;

/** One figure of a metric as it is now; of a histogram, how many observations and their sum. */
export interface Reading {
  readonly labels: Labels;
  readonly value: number;
  readonly count?: number;
}

/** What a page is made of. */
export interface Metric {
  readonly name: string;
  /** Its lines on a page, without the last line feed. */
  lines(format: ExpositionFormat): Eventually<Iterable<string>>;
  readings(): Eventually<Iterable<Reading>>;
}

export function* head(
  { name, help, type }: { readonly name: string; readonly help: string; readonly type: string },
  format: ExpositionFormat,
): Iterable<string> {
  // OpenMetrics calls a family of counters by its name without the suffix.
  const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  yield `# HELP ${family} ${escape(help)}`;
  yield `# TYPE ${family} ${type}`;
}

/** `provider="openai",model="gpt-5"`. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escape(String(value ?? '')).replaceAll('"', '\\"')}"`)
    .join(',');
}

export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
