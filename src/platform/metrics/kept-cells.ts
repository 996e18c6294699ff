/**
 * Cells of a metric that are fed by every call, by the one label in which they differ. To put labels together and to look
 * them up costs more than all that the call feeds.
 */
export class KeptCells<Cell> {
  private readonly cells = new Map<string, Cell>();

  constructor(private readonly cellFor: (value: string) => Cell) {}

  of(value: string): Cell {
    const known = this.cells.get(value);
    if (known) return known;
    const cell = this.cellFor(value);
    this.cells.set(value, cell);
    return cell;
  }
}
