import { head, numberText, type ExpositionFormat, type Metric, type Reading } from './exposition.js';
import { Series } from './series.js';

/** One series of a counter. Feeding it costs an addition; prom-client's own `inc` looks its labels up each time. */
export class CounterCell {
  value = 0;

  add(amount = 1): void {
    this.value += amount;
  }
}

export interface CounterDefinition<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** How many series there may be. */
  readonly budget: number;
  /** Brings it up to date before it is read. */
  readonly collect?: (counter: CellCounter<Label>) => void;
}

/** A counter whose series are cells. */
export class CellCounter<Label extends string> implements Metric {
  readonly name: string;
  private readonly series: Series<Label, CounterCell>;

  constructor(private readonly definition: CounterDefinition<Label>) {
    this.name = definition.name;
    this.series = new Series(definition.labels, definition.budget, () => new CounterCell());
  }

  cell(labels: Partial<Record<Label, string | number>>): CounterCell {
    return this.series.cell(labels);
  }

  *lines(format: ExpositionFormat): Iterable<string> {
    const { name, help } = this.definition;
    yield* head({ name, help, type: 'counter' }, format);
    this.definition.collect?.(this);
    for (const { text, cell } of this.series.all()) {
      yield `${name}${text === '' ? '' : `{${text}}`} ${numberText(cell.value)}`;
    }
  }

  *readings(): Iterable<Reading> {
    this.definition.collect?.(this);
    for (const { labels, cell } of this.series.all()) yield { labels, value: cell.value };
  }
}
