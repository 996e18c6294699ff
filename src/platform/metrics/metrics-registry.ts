import { Inject, Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';
import { ENV, type Env } from '../../config/env.js';
import { CellCounter } from './cell-counter.js';
import { CellHistogram } from './cell-histogram.js';
import type { ExpositionFormat, Metric, Reading } from './exposition.js';
import { LibraryMetric } from './library-metric.js';

/** One per `/prometheus/metrics/<group>` page. */
export const METRIC_GROUPS = ['system', 'providers', 'models', 'business', 'performance'] as const;
export type MetricGroup = (typeof METRIC_GROUPS)[number];

/** A page is written in slices of so many milliseconds; requests have their turn in between. */
const SLICE_MS = 4;
/** How many lines are written before somebody looks at the clock. */
const LINES_AT_ONCE = 500;

interface MetricDefinition<Label extends string> {
  /** The page that a metric is at home on; some stand on a second one as well. */
  group: MetricGroup | readonly [MetricGroup, ...MetricGroup[]];
  name: string;
  help: string;
  labels?: readonly Label[];
}

/** Defines metrics where they are fed, and prints them. A metric is one definition and the line that feeds it. */
@Injectable()
export class MetricsRegistry {
  private readonly metrics = new Map<string, { readonly groups: readonly MetricGroup[]; readonly metric: Metric }>();

  constructor(@Inject(ENV) private readonly env: Pick<Env, 'METRICS_MAX_SERIES'>) {}

  /** With `collect`, the value is read when the page is asked for. */
  counter<Label extends string = never>(
    definition: MetricDefinition<Label> & { collect?: (counter: CellCounter<Label>) => void },
  ): CellCounter<Label> {
    return this.register(definition, new CellCounter({ labels: [], ...definition, budget: this.budget }));
  }

  /** With `collect`, the value is read when the page is asked for. */
  gauge<Label extends string = never>(
    definition: MetricDefinition<Label> & { collect?: (gauge: Gauge<Label>) => void },
  ): Gauge<Label> {
    const { name, help, labels = [], collect } = definition;
    const gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [],
      ...(collect && {
        collect(this: Gauge<Label>) {
          collect(this);
        },
      }),
    });
    this.register(definition, new LibraryMetric(name, gauge));
    return gauge;
  }

  histogram<Label extends string = never>(
    definition: MetricDefinition<Label> & { buckets: readonly number[] },
  ): CellHistogram<Label> {
    return this.register(definition, new CellHistogram({ labels: [], ...definition, budget: this.budget }));
  }

  /** Takes over what a library registers with the registry that it is given. */
  adopt(group: MetricGroup, define: (registry: Registry) => void): void {
    const library = new Registry();
    define(library);
    for (const { name } of library.getMetricsAsArray()) {
      const metric = library.getSingleMetric(name);
      if (metric) this.register({ group }, new LibraryMetric(name, metric));
    }
  }

  /** The metrics of these groups, each once. */
  async render(groups: readonly MetricGroup[] = METRIC_GROUPS, format: ExpositionFormat = 'text'): Promise<string> {
    const page: string[] = [];
    let sliceEndsAt = performance.now() + SLICE_MS;
    for (const metric of this.of(groups)) {
      for (const line of await metric.lines(format)) {
        page.push(line);
        if (page.length % LINES_AT_ONCE > 0 || performance.now() < sliceEndsAt) continue;
        await nextTurn();
        sliceEndsAt = performance.now() + SLICE_MS;
      }
    }
    if (format === 'openmetrics') page.push('# EOF');
    return `${page.join('\n')}\n`;
  }

  /** The figures of a metric as they are now; none when there is no such metric. */
  async read(name: string): Promise<readonly Reading[]> {
    const known = this.metrics.get(name);
    return known ? [...(await known.metric.readings())] : [];
  }

  private get budget(): number {
    return this.env.METRICS_MAX_SERIES;
  }

  private of(groups: readonly MetricGroup[]): Metric[] {
    return [...this.metrics.values()]
      .filter((known) => known.groups.some((group) => groups.includes(group)))
      .map(({ metric }) => metric);
  }

  private register<Known extends Metric>({ group }: Pick<MetricDefinition<never>, 'group'>, metric: Known): Known {
    const { name } = metric;
    if (this.metrics.has(name)) throw new Error(`There is a metric ${name} already.`);
    this.metrics.set(name, { groups: typeof group === 'string' ? [group] : group, metric });
    return metric;
  }
}
