import { labelText, type Labels } from './exposition.js';

/** What stands for all values beyond the budget. */
export const OVERFLOW = 'other';

/** Labels whose values are as many as there are models, providers, routes; of all others there are a handful. */
const OPEN_LABELS = new Set(['provider', 'from_provider', 'to_provider', 'model', 'path', 'endpoint', 'table']);

export interface CellOf<Cell> {
  readonly labels: Labels;
  /** The labels as they stand on a page. */
  readonly text: string;
  readonly cell: Cell;
}

/**
 * The series of one metric, by their labels. A caller that feeds one often keeps its cell. Once there are as many as the
 * budget allows, new ones are fed together, so that sums stay right and nobody can fill the memory.
 */
export class Series<Label extends string, Cell> {
  private readonly cells = new Map<string, CellOf<Cell>>();

  constructor(
    private readonly names: readonly Label[],
    private readonly budget: number,
    private readonly create: () => Cell,
  ) {
    // What has no labels is zero before it is fed for the first time.
    if (names.length === 0) this.cell({});
  }

  cell(labels: Partial<Record<Label, string | number>>): Cell {
    const known = this.cells.get(this.keyOf(labels));
    if (known) return known.cell;
    const own = this.cells.size < this.budget ? labels : this.overflowing(labels);
    const key = this.keyOf(own);
    return this.cells.get(key)?.cell ?? this.add(key, own);
  }

  all(): Iterable<CellOf<Cell>> {
    return this.cells.values();
  }

  private add(key: string, given: Partial<Record<Label, string | number>>): Cell {
    const labels = Object.fromEntries(this.names.map((name) => [name, given[name] ?? '']));
    const cell = this.create();
    this.cells.set(key, { labels, text: labelText(labels), cell });
    return cell;
  }

  private overflowing(labels: Partial<Record<Label, string | number>>): Partial<Record<Label, string | number>> {
    const closed = this.names.filter((name) => !OPEN_LABELS.has(name));
    const hasOpen = closed.length < this.names.length;
    return Object.fromEntries(
      this.names.map((name) => [name, hasOpen && closed.includes(name) ? labels[name] : OVERFLOW]),
    ) as Partial<Record<Label, string | number>>;
  }

  private keyOf(labels: Partial<Record<Label, string | number>>): string {
    let key = '';
    for (const name of this.names) key += `${labels[name] ?? ''}\u0000`;
    return key;
  }
}
