/** One series of a page. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a page as Prometheus does, but for escapes in labels, of which there are none here. */
export function readPage(page: string): Series[] {
  return page
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*?)\})? (\S+)(?: # .*)?$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text] as const);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** What all series of this name, with at least these labels, are together. */
export function sumOf(series: readonly Series[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const fits = (own: Series['labels']) => Object.entries(labels).every(([label, value]) => own[label] === value);
  return series.filter((one) => one.name === name && fits(one.labels)).reduce((sum, { value }) => sum + value, 0);
}
