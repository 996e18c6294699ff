import { baselineOf, type Baseline } from './baseline.js';
import { MEASURES, type Measure } from './measures.js';
import { BUCKET_MS, nameOf, type Point, type Series } from './series.js';
import { explain, severityOf, type Severity } from './wording.js';

/** So many spreads away one point is enough, and so many two in a row. */
const AT_ONCE = 10;
const TWICE = 5;
/** Nearer than that for two points in a row, and it is over. */
const USUAL = 3;

/** Something unusual about a series, as it is now. */
export interface Finding {
  readonly series: Series;
  readonly measure: Measure;
  readonly value: number;
  /** What would be usual. */
  readonly expected: number;
  /** How many spreads away from it. */
  readonly score: number;
  readonly severity: Severity;
  readonly explanation: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What was found earlier and has not ended, by `keyOf`. */
export type OpenAnomalies = ReadonlyMap<string, { readonly startedAt: number }>;

export interface Verdict {
  readonly found: readonly Finding[];
  /** Keys of what was open and is usual again. */
  readonly ended: readonly string[];
}

/** One anomaly at a time for each series and measure. */
export function keyOf(series: Series, { name }: Pick<Measure, 'name'>): string {
  return `${nameOf(series.subject)} ${name}`;
}

/** Judges the five minutes that begin at this time. Pure. */
export function detect(all: readonly Series[], at: number, open: OpenAnomalies): Verdict {
  const [found, ended]: [Finding[], string[]] = [[], []];
  for (const series of all) {
    for (const measure of MEASURES.filter(({ kinds }) => kinds.includes(series.subject.kind))) {
      const key = keyOf(series, measure);
      const since = open.get(key)?.startedAt;
      const [now, before] = [at, at - BUCKET_MS].map((time) => judge({ series, measure, at: time, since }));
      const finding = since === undefined ? begun(now, before) : goesOn(now, since);
      if (finding) found.push(finding);
      else if (since !== undefined && isUsual(now) && isUsual(before)) ended.push(key);
    }
  }
  return { found, ended };
}

interface Question {
  readonly series: Series;
  readonly measure: Measure;
  readonly at: number;
  readonly since: number | undefined;
}

interface Judgement extends Question {
  readonly point: Point;
  readonly value: number;
  readonly baseline: Baseline;
  readonly score: number;
  readonly matters: boolean;
}

/** Undefined when too little is known, of the point or of what is usual. */
function judge(question: Question): Judgement | undefined {
  const { series, measure, at, since } = question;
  const point = series.at(at);
  if (!point) return undefined;
  const value = measure.valueOf(point);
  if (value === undefined) return undefined;
  const baseline = baselineOf({ series, at, unusualSince: since, valueOf: measure.valueOf });
  if (!baseline) return undefined;
  const spread = Math.max(baseline.spread, measure.leastSpread(baseline, point));
  const distance = measure.distance?.(value, baseline) ?? Math.abs(value - baseline.median);
  const score = spread === 0 ? 0 : distance / spread;
  return { ...question, point, value, baseline, score, matters: measure.matters(value, baseline, point) };
}

function begun(now: Judgement | undefined, before: Judgement | undefined): Finding | undefined {
  if (!now?.matters || now.score < TWICE) return undefined;
  const wasUnusual = before?.matters === true && before.score >= TWICE;
  if (now.score < AT_ONCE && !wasUnusual) return undefined;
  return toFinding(now, wasUnusual ? before.at : now.at);
}

function goesOn(now: Judgement | undefined, since: number): Finding | undefined {
  return now?.matters && now.score >= USUAL ? toFinding(now, since) : undefined;
}

/** Where nothing can be said any more, there is nothing unusual left. */
function isUsual(judgement: Judgement | undefined): boolean {
  return !judgement?.matters || judgement.score < USUAL;
}

function toFinding({ series, measure, value, baseline, score }: Judgement, startedAt: number): Finding {
  const facts = { subject: series.subject, measure, value, baseline, score };
  return {
    series,
    measure,
    value,
    expected: baseline.median,
    score,
    severity: severityOf(facts),
    explanation: explain(facts),
    startedAt,
  };
}
