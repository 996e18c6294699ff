import type { Deadlines } from './llm-provider.js';
import type { DeadlineName } from './upstream-errors.js';

interface NamedDeadline {
  readonly name: DeadlineName;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/**
 * The clock of one attempt: until the first token, between the pieces after it, and for the whole. A piece only leaves
 * its time: one timer looks, when it fires, whether a deadline has really come.
 */
export class UpstreamDeadline {
  private readonly startedAt = performance.now();
  /** Undefined before the first token. */
  private lastPieceAt: number | undefined;
  private isOver = false;
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;

  constructor(
    private readonly deadlines: Deadlines,
    private readonly expire: (deadline: DeadlineName) => void,
  ) {
    this.watch();
  }

  /** From now on only gaps and the whole count. */
  firstToken(): void {
    this.lastPieceAt = performance.now();
    if (this.next().at < this.timerAt) this.watch();
  }

  /** A piece has come; before the first token that changes nothing. */
  piece(): void {
    if (this.lastPieceAt !== undefined) this.lastPieceAt = performance.now();
  }

  /** Nobody waits for the provider any more. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private next(): NamedDeadline {
    const { firstTokenMs, idleMs, totalMs } = this.deadlines;
    const total: NamedDeadline = { name: 'total', at: this.startedAt + totalMs };
    const phase: NamedDeadline =
      this.lastPieceAt === undefined
        ? { name: 'first_token', at: this.startedAt + firstTokenMs }
        : { name: 'idle', at: this.lastPieceAt + idleMs };
    return phase.at < total.at ? phase : total;
  }

  private watch(): void {
    if (this.isOver) return;
    clearTimeout(this.timer);
    this.timerAt = this.next().at;
    this.timer = setTimeout(() => {
      this.look();
    }, this.timerAt - performance.now());
  }

  private look(): void {
    const { name, at } = this.next();
    if (at <= performance.now()) this.expire(name);
    this.watch();
  }
}
