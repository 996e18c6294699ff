import { head, numberText, type ExpositionFormat, type Metric, type Reading } from './exposition.js';
import { Series } from './series.js';

/** One series of a histogram, and in each bucket the trace of the last observation that had one. */
export class HistogramCell {
  readonly counts: Float64Array;
  sum = 0;
  private traces: Exemplars | undefined;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** `traceId` is where to look for what happened then. */
  observe(value: number, traceId?: string): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
    if (traceId === undefined) return;
    this.traces ??= new Exemplars(this.counts.length);
    this.traces.keep(bucket, traceId, value);
  }

  /** What OpenMetrics wants behind the bucket's figure. */
  exemplarText(bucket: number): string {
    return this.traces?.textOf(bucket) ?? '';
  }
}

/** Arrays instead of an object for each observation: they are written far more often than read. */
class Exemplars {
  private readonly ids: (string | undefined)[];
  private readonly values: Float64Array;
  private readonly times: Float64Array;

  constructor(buckets: number) {
    this.ids = new Array<string | undefined>(buckets).fill(undefined);
    this.values = new Float64Array(buckets);
    this.times = new Float64Array(buckets);
  }

  keep(bucket: number, traceId: string, value: number): void {
    this.ids[bucket] = traceId;
    this.values[bucket] = value;
    this.times[bucket] = Date.now();
  }

  textOf(bucket: number): string {
    const id = this.ids[bucket];
    if (id === undefined) return '';
    const at = ((this.times[bucket] ?? 0) / 1000).toFixed(3);
    return ` # {trace_id="${id}"} ${numberText(this.values[bucket] ?? 0)} ${at}`;
  }
}

export interface HistogramDefinition<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
  /** How many series there may be. */
  readonly budget: number;
}

/** A histogram whose series are cells. */
export class CellHistogram<Label extends string> implements Metric {
  readonly name: string;
  private readonly series: Series<Label, HistogramCell>;
  private readonly bounds: readonly string[];

  constructor(private readonly definition: HistogramDefinition<Label>) {
    const { name, labels, budget, buckets } = definition;
    this.name = name;
    this.bounds = [...buckets.map(String), '+Inf'];
    this.series = new Series(labels, budget, () => new HistogramCell(buckets));
  }

  cell(labels: Partial<Record<Label, string | number>>): HistogramCell {
    return this.series.cell(labels);
  }

  /** Prometheus wants cumulative buckets, then the sum and the count. */
  *lines(format: ExpositionFormat): Iterable<string> {
    const { name, help } = this.definition;
    yield* head({ name, help, type: 'histogram' }, format);
    for (const { text, cell } of this.series.all()) {
      const [more, own] = text === '' ? ['', ''] : [`,${text}`, `{${text}}`];
      let total = 0;
      for (const [bucket, bound] of this.bounds.entries()) {
        total += cell.counts[bucket] ?? 0;
        const exemplar = format === 'openmetrics' ? cell.exemplarText(bucket) : '';
        yield `${name}_bucket{le="${bound}"${more}} ${total}${exemplar}`;
      }
      yield `${name}_sum${own} ${numberText(cell.sum)}`;
      yield `${name}_count${own} ${total}`;
    }
  }

  *readings(): Iterable<Reading> {
    for (const { labels, cell } of this.series.all()) {
      yield { labels, value: cell.sum, count: cell.counts.reduce((sum, count) => sum + count, 0) };
    }
  }
}
