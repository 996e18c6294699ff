/** How much of some kind may be held in memory: each thing, and all together. */
export class HeldBytes {
  private total = 0;

  constructor(
    private readonly each: number,
    private readonly inAll: number,
  ) {}

  /** Whether a thing that holds so much may hold so much more; if so, it counts. */
  take(held: number, more: number): boolean {
    if (held + more > this.each || this.total + more > this.inAll) return false;
    this.total += more;
    return true;
  }

  give(bytes: number): void {
    this.total -= bytes;
  }
}
