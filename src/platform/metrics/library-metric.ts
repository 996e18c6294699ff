import type { Metric as LibrariesMetric, MetricObjectWithValues, MetricValue } from 'prom-client';
import { head, labelText, numberText, type ExpositionFormat, type Metric, type Reading } from './exposition.js';

/** Figures of histograms and summaries have names of their own. */
type Values = MetricObjectWithValues<MetricValue<string> & { metricName?: string }>;

/** A metric of prom-client's on our pages. */
export class LibraryMetric implements Metric {
  constructor(
    readonly name: string,
    private readonly metric: LibrariesMetric,
  ) {}

  async lines(format: ExpositionFormat): Promise<Iterable<string>> {
    const { name } = this;
    const { help, type, values }: Values = await this.metric.get();
    const figures = values.map(({ metricName = name, labels, value }) => {
      const text = labelText(labels);
      return `${metricName}${text === '' ? '' : `{${text}}`} ${numberText(value)}`;
    });
    return [...head({ name, help, type: String(type) }, format), ...figures];
  }

  async readings(): Promise<Iterable<Reading>> {
    const { values }: Values = await this.metric.get();
    return values.map(({ labels, value }) => ({ labels, value }));
  }
}
