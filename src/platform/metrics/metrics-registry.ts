import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { CellCounter, CellHistogram } from './metric-cells.js';

/** One per `/prometheus/metrics/<group>` page. */
export const METRIC_GROUPS = ['system', 'providers', 'models', 'business', 'performance'] as const;
export type MetricGroup = (typeof METRIC_GROUPS)[number];

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
  private readonly groups = new Map(METRIC_GROUPS.map((group) => [group, new Registry()]));

  counter<Label extends string = never>(definition: MetricDefinition<Label>): CellCounter<Label> {
    return this.register(definition, new CellCounter({ ...described(definition), registers: [] }));
  }

  /** With `collect`, the value is read when the page is asked for. */
  gauge<Label extends string = never>(
    definition: MetricDefinition<Label> & { collect?: (gauge: Gauge<Label>) => void },
  ): Gauge<Label> {
    const { collect } = definition;
    const gauge = new Gauge({
      ...described(definition),
      registers: [],
      ...(collect && {
        collect(this: Gauge<Label>) {
          collect(this);
        },
      }),
    });
    return this.register(definition, gauge);
  }

  histogram<Label extends string = never>(
    definition: MetricDefinition<Label> & { buckets: number[] },
  ): CellHistogram<Label> {
    const { buckets } = definition;
    return this.register(definition, new CellHistogram({ ...described(definition), registers: [], buckets }));
  }

  /** The metrics of these groups in Prometheus' text format, each metric once. */
  async render(groups: readonly MetricGroup[] = METRIC_GROUPS): Promise<string> {
    const page = Registry.merge(groups.map((group) => this.registryOf(group)));
    return page.metrics();
  }

  registryOf(group: MetricGroup): Registry {
    const registry = this.groups.get(group);
    if (!registry) throw new Error(`Unknown metric group ${group}`);
    return registry;
  }

  private register<Metric extends Parameters<Registry['registerMetric']>[0]>(
    { group }: Pick<MetricDefinition<never>, 'group'>,
    metric: Metric,
  ): Metric {
    for (const home of typeof group === 'string' ? [group] : group) this.registryOf(home).registerMetric(metric);
    return metric;
  }
}

function described<Label extends string>({ name, help, labels = [] }: MetricDefinition<Label>) {
  return { name, help, labelNames: [...labels] };
}
