import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A metric as docs/metrics.md promises it. */
export interface PromisedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  /** No traffic of a few minutes feeds it. */
  readonly isRare: boolean;
}

/** The rows of the tables in docs/metrics.md. */
export function promisedMetrics(): PromisedMetric[] {
  const text = readFileSync(join(process.cwd(), 'docs', 'metrics.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)`\s*\| (\w+)\s*\| ([^|]*)\| ([^|]*)\|$/gm)];
  return rows.map(([, name = '', type = '', labels = '', meaning = '']) => ({
    name,
    type,
    labels: labels.split(',').flatMap((label) => label.trim() || []),
    isRare: meaning.includes('(rare)'),
  }));
}
