/** How much of running replies is held in memory for those who may come later: each, and all together. */
export class HeldBytes {
  private total = 0;

  constructor(
    private readonly perReply: number,
    private readonly inAll: number,
  ) {}

  /** Whether a reply that holds so much may hold so much more; if so, it counts. */
  take(held: number, more: number): boolean {
    if (held + more > this.perReply || this.total + more > this.inAll) return false;
    this.total += more;
    return true;
  }

  give(bytes: number): void {
    this.total -= bytes;
  }
}
