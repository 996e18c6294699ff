import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

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

  counter<Label extends string = never>(definition: MetricDefinition<Label>): Counter<Label> {
    return new Counter(this.options(definition));
  }

  /** With `collect`, the value is read when the page is asked for. */
  gauge<Label extends string = never>(
    definition: MetricDefinition<Label> & { collect?: (gauge: Gauge<Label>) => void },
  ): Gauge<Label> {
    const { collect } = definition;
    return new Gauge({
      ...this.options(definition),
      ...(collect && {
        collect(this: Gauge<Label>) {
          collect(this);
        },
      }),
    });
  }

  histogram<Label extends string = never>(definition: MetricDefinition<Label> & { buckets: number[] }): Histogram<Label> {
    return new Histogram({ ...this.options(definition), buckets: definition.buckets });
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

  private options<Label extends string>({ group, name, help, labels = [] }: MetricDefinition<Label>) {
    const homes = typeof group === 'string' ? [group] : group;
    return { name, help, labelNames: [...labels], registers: homes.map((home) => this.registryOf(home)) };
  }
}
