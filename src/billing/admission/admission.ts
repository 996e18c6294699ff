import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import type { Lease, RateFigures } from './admission-request.js';
import type { Books, Outcome } from './books.js';

/** How much more an open-ended stream asks for: first much, then little. */
const GROWTHS = [4_096, 256];
/** It asks when so few of its tokens are left, so that it does not have to wait for the answer. */
const MARGIN_TOKENS = 512;

/** One admitted call: what it may use, until it is settled or dropped, which happens once. */
export class Admission {
  private isEnded = false;
  private growth: Promise<void> | undefined;

  /** The most that the model may write, when the caller can afford less than it asked for. */
  readonly outputLimit: number | undefined;

  constructor(
    private readonly books: Books,
    private readonly lease: Lease,
  ) {
    const { outputTokens, request } = lease;
    this.outputLimit = outputTokens < request.outputTokens ? outputTokens : undefined;
  }

  get rates(): RateFigures {
    return this.lease.rates;
  }

  /** Whether the call may go on after so many tokens. Asks for more in time, without the stream waiting for it. */
  covers(writtenTokens: number): boolean {
    // Who asked for a limit, or was given one, is held to it by the provider.
    if (!this.lease.request.isOpenEnded || this.outputLimit !== undefined) return true;
    const left = this.lease.outputTokens - writtenTokens;
    if (left < MARGIN_TOKENS) this.growth ??= this.grow();
    return left >= 0;
  }

  /** What the caller is charged. @throws Error when the journal cannot be written */
  settle(outcome: Outcome, line: string): Promise<NanoDollars> {
    this.isEnded = true;
    const settle = (): Promise<NanoDollars> => this.books.settle(this.lease, outcome, line);
    return this.growth ? this.growth.then(settle) : settle();
  }

  /** Does nothing once the call is settled. */
  drop(): Promise<void> | undefined {
    if (this.isEnded) return undefined;
    this.isEnded = true;
    return this.dropLease();
  }

  private async dropLease(): Promise<void> {
    await this.growth;
    await this.books.drop(this.lease);
  }

  /** When not even a little more is left it does not ask again, and the stream ends where its tokens do. */
  private async grow(): Promise<void> {
    const { outputTokens } = this.lease;
    for (const more of GROWTHS) {
      if (!(await this.isGranted(outputTokens + more))) continue;
      this.growth = undefined;
      return;
    }
  }

  private async isGranted(outputTokens: number): Promise<boolean> {
    try {
      return await this.books.grow(this.lease, outputTokens);
    } catch {
      // Nobody can tell: the reply is not cut for that. What it costs beyond its hold is ours.
      this.lease.outputTokens = outputTokens;
      return true;
    }
  }
}
