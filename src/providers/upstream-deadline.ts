import type { Deadlines } from './llm-provider.js';
import { UpstreamTimeoutError, type DeadlineName } from './upstream-errors.js';

/**
 * The clock of one attempt: until the first token, between the pieces after it, and for the whole. One timer serves
 * all three, because it is set for the nearest.
 */
export class UpstreamDeadline {
  private timer: NodeJS.Timeout | undefined;
  private hasFirstToken = false;
  private readonly startedAt = performance.now();

  constructor(
    private readonly providerId: string,
    private readonly deadlines: Deadlines,
    private readonly expire: (error: UpstreamTimeoutError) => void,
  ) {
    this.arm();
  }

  /** From now on only gaps and the whole count. */
  firstToken(): void {
    this.hasFirstToken = true;
  }

  /** We wait for the provider again. */
  arm(): void {
    clearTimeout(this.timer);
    const { name, ms } = this.nearest();
    this.timer = setTimeout(() => {
      this.expire(new UpstreamTimeoutError(this.providerId, name));
    }, ms);
  }

  /** We wait for somebody else: a client that reads slowly is not the provider's fault. */
  rest(): void {
    clearTimeout(this.timer);
  }

  private nearest(): { name: DeadlineName; ms: number } {
    const { firstTokenMs, idleMs, totalMs } = this.deadlines;
    const elapsedMs = performance.now() - this.startedAt;
    const totalLeftMs = Math.max(totalMs - elapsedMs, 0);
    const phase = this.hasFirstToken
      ? { name: 'idle' as const, ms: idleMs }
      : { name: 'first_token' as const, ms: Math.max(firstTokenMs - elapsedMs, 0) };
    return phase.ms <= totalLeftMs ? phase : { name: 'total', ms: totalLeftMs };
  }
}
