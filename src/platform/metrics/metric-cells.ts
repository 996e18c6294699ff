import {
  Counter,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  type MetricValueWithName,
} from 'prom-client';

type Labels<Label extends string> = Partial<Record<Label, string | number>>;

/** One series of a counter. Feeding it costs an addition; prom-client's own `inc` looks its labels up each time. */
export class CounterCell {
  value = 0;

  add(amount = 1): void {
    this.value += amount;
  }
}

/** One series of a histogram. */
export class HistogramCell {
  readonly counts: Float64Array;
  sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
  }
}

/** The series of one metric, by their labels. A caller that feeds one often keeps its cell. */
class Series<Label extends string, Cell> {
  private readonly cells = new Map<string, { labels: Labels<Label>; cell: Cell }>();

  constructor(
    private readonly names: readonly Label[],
    private readonly create: () => Cell,
  ) {}

  cell(labels: Labels<Label>): Cell {
    let key = '';
    for (const name of this.names) key += `${labels[name] ?? ''}\u0000`;
    const known = this.cells.get(key);
    if (known) return known.cell;
    const cell = this.create();
    this.cells.set(key, { labels: { ...labels }, cell });
    return cell;
  }

  all(): Iterable<{ labels: Labels<Label>; cell: Cell }> {
    return this.cells.values();
  }
}

/** A counter whose series are cells; to a registry it is a counter like any other. */
export class CellCounter<Label extends string> extends Counter<Label> {
  private readonly series: Series<Label, CounterCell>;

  constructor(definition: { name: string; help: string; labelNames: Label[]; registers: [] }) {
    super(definition);
    this.series = new Series(definition.labelNames, () => new CounterCell());
    if (definition.labelNames.length === 0) this.series.cell({});
  }

  cell(labels: Labels<Label>): CounterCell {
    return this.series.cell(labels);
  }

  override async get(): Promise<MetricObjectWithValues<MetricValue<Label>>> {
    const values = [...this.series.all()].map(({ labels, cell }) => ({ labels, value: cell.value }));
    return { ...(await super.get()), values };
  }
}

/** A histogram whose series are cells. */
export class CellHistogram<Label extends string> extends Histogram<Label> {
  private readonly series: Series<Label, HistogramCell>;
  private readonly bounds: readonly number[];

  constructor(
    private readonly definition: { name: string; help: string; labelNames: Label[]; registers: []; buckets: number[] },
  ) {
    super(definition);
    this.bounds = definition.buckets;
    this.series = new Series(definition.labelNames, () => new HistogramCell(this.bounds));
    if (definition.labelNames.length === 0) this.series.cell({});
  }

  cell(labels: Labels<Label>): HistogramCell {
    return this.series.cell(labels);
  }

  /** What prom-client builds both its text and its JSON from; its types leave it out. */
  getForPromString(): Promise<object> {
    const { name, help } = this.definition;
    const values = [...this.series.all()].flatMap(({ labels, cell }) => this.valuesOf(labels, cell));
    return Promise.resolve({ name, help, type: 'histogram', values, aggregator: 'sum' });
  }

  /** Prometheus wants cumulative buckets, then the sum and the count. */
  private valuesOf(labels: Labels<Label>, { counts, sum }: HistogramCell): MetricValueWithName<Label>[] {
    const { name } = this.definition;
    let total = 0;
    const buckets = [...counts].map((count, index) => {
      total += count;
      return { metricName: `${name}_bucket`, labels: { le: this.bounds[index] ?? '+Inf', ...labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: total },
    ];
  }
}
