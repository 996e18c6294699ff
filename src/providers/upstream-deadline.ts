import type { Deadlines } from './llm-provider.js';
import type { DeadlineName } from './upstream-errors.js';

/** The clock of one attempt: until the first token, between the pieces after it, and for the whole. */
export class UpstreamDeadline {
  private readonly total: NodeJS.Timeout;
  private phase: NodeJS.Timeout;
  private hasFirstToken = false;

  constructor(
    private readonly deadlines: Deadlines,
    private readonly expire: (deadline: DeadlineName) => void,
  ) {
    this.total = this.after(deadlines.totalMs, 'total');
    this.phase = this.after(deadlines.firstTokenMs, 'first_token');
  }

  /** From now on only gaps and the whole count. */
  firstToken(): void {
    this.hasFirstToken = true;
    clearTimeout(this.phase);
    this.phase = this.after(this.deadlines.idleMs, 'idle');
  }

  /** A piece has come; before the first token that changes nothing. */
  piece(): void {
    if (this.hasFirstToken) this.phase.refresh();
  }

  /** Nobody waits for the provider any more. */
  end(): void {
    clearTimeout(this.total);
    clearTimeout(this.phase);
  }

  private after(milliseconds: number, name: DeadlineName): NodeJS.Timeout {
    return setTimeout(() => {
      this.expire(name);
    }, milliseconds);
  }
}
