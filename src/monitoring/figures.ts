import type { Labels, Reading } from '../platform/metrics/exposition.js';

type Where = Readonly<Partial<Record<string, string>>>;

/** Figures of metrics, summed up by labels. */
export class Figures {
  constructor(private readonly metrics: ReadonlyMap<string, readonly Reading[]>) {}

  /** Zero when nothing was counted. */
  sum(name: string, where: Where = {}): number {
    return this.of(name, where).reduce((sum, { value }) => sum + value, 0);
  }

  /** Null when there is no such series: it is unknown. */
  gauge(name: string, where: Where = {}): number | null {
    return this.of(name, where)[0]?.value ?? null;
  }

  /** Of a histogram; null when nothing was observed. */
  mean(name: string, where: Where = {}): number | null {
    const readings = this.of(name, where);
    const count = readings.reduce((sum, reading) => sum + (reading.count ?? 0), 0);
    return count === 0 ? null : this.sum(name, where) / count;
  }

  /** Sums for each value of a label, the largest first. */
  by(name: string, label: string, where: Where = {}): Readonly<Record<string, number>> {
    const groups = Map.groupBy(this.of(name, where), ({ labels }) => String(labels[label] ?? ''));
    const sums = [...groups].map(
      ([value, readings]) => [value, readings.reduce((sum, one) => sum + one.value, 0)] as const,
    );
    return Object.fromEntries(sums.sort(([, a], [, b]) => b - a));
  }

  private of(name: string, where: Where): readonly Reading[] {
    const readings = this.metrics.get(name) ?? [];
    return readings.filter(({ labels }) => fits(labels, where));
  }
}

function fits(labels: Labels, where: Where): boolean {
  return Object.entries(where).every(([name, value]) => String(labels[name]) === value);
}
