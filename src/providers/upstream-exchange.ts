import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { joinedPieces } from '../platform/memory/joined-pieces.js';
import { asUpstreamFailure } from './connection-failure.js';
import type { Deadlines } from './llm-provider.js';
import { UpstreamDeadline } from './upstream-deadline.js';
import { UndecodableReplyError, UpstreamCutError, UpstreamTimeoutError } from './upstream-errors.js';

/** Beyond this a provider that writes faster than its client reads has to wait. */
const HELD_BYTES = 256 * 1024;
/** A plain reply beyond this is refused instead of filling the memory. */
const LARGEST_REPLY_BYTES = 256 * 1024 * 1024;
/** How long the end of a body may take that nobody needs any more; then its connection is given up. */
const DRAIN_MS = 1000;

/** To be called back once what happens now is over; `queueMicrotask` would make an object for each time. */
const IN_A_MOMENT = Promise.resolve();

/** Takes a piece: 'stop' when no more is wanted, or a promise to be waited for before the next one. */
export type PieceConsumer = (piece: Buffer) => 'stop' | Promise<void> | undefined;

interface Consumption {
  readonly consume: PieceConsumer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * One request to a provider and what comes back, under the attempt's deadlines. It is undici's handler itself: the
 * streams that undici's other calls put around a body cost as much as the request.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  status = 0;
  headers: IncomingHttpHeaders = {};
  private controller: Dispatcher.DispatchController | undefined;
  private readonly deadline: UpstreamDeadline;
  private pieces: Buffer[] = [];
  private heldBytes = 0;
  private isEnded = false;
  private failure: Error | undefined;
  /** Whoever waits for the next thing to happen: the head, a piece, or the end. */
  private waiter: Waiter | undefined;
  /** Runs while the rest of a body is let go by. */
  private impatience: NodeJS.Timeout | undefined;
  private consumption: Consumption | undefined;
  private isFeedDue = false;
  /** The consumer waits for somebody. */
  private isConsumerBusy = false;

  constructor(
    private readonly providerId: string,
    deadlines: Deadlines,
  ) {
    this.deadline = new UpstreamDeadline(deadlines, (name) => {
      // What we hold has not been asked for: the client is slow, not the provider.
      if (name === 'idle' && this.heldBytes > 0) this.deadline.piece();
      else this.abort(new UpstreamTimeoutError(providerId, name));
    });
  }

  /** Resolves when the head has come; any status is an answer. @throws UpstreamError, ClientGoneError */
  async head(): Promise<this> {
    while (this.status === 0) await this.something();
    return this;
  }

  /** The next piece of the body, or undefined at its end. @throws UpstreamError, ClientGoneError */
  async next(): Promise<Buffer | undefined> {
    while (this.pieces.length === 0 && !this.isEnded) await this.something();
    const piece = this.pieces.shift();
    if (piece) this.letGo(piece.length);
    return piece;
  }

  /**
   * Hands everything further to `consume` as it comes, without a turn of promises for each time. Resolves at the end
   * of the body or when the consumer has enough. @throws UpstreamError, ClientGoneError, what `consume` throws
   */
  each(consume: PieceConsumer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.consumption = { consume, resolve, reject };
      this.feed();
    });
  }

  /** The whole body. @throws UpstreamError, ClientGoneError */
  async whole(): Promise<Buffer> {
    while (!this.isEnded) {
      await this.something();
      if (this.heldBytes > LARGEST_REPLY_BYTES)
        throw this.abandoned(new UndecodableReplyError(`${this.providerId} sent too large a reply.`));
      this.resume();
    }
    return this.takeAll();
  }

  firstToken(): void {
    this.deadline.firstToken();
  }

  /** Stops the provider: the connection is closed, and whoever waits gets the error. */
  abort(error: Error): void {
    if (this.isEnded) return;
    this.fail(error);
    this.controller?.abort(error);
  }

  /** Gives up the rest of the body because of an error, which is handed back to be thrown. */
  abandoned(error: Error): Error {
    this.abort(error);
    return error;
  }

  /** The rest of the body does not matter: it may end by itself, so that its connection can be used again. */
  drain(): void {
    this.stopClocks();
    if (this.isEnded) return;
    this.impatience = setTimeout(() => {
      this.abort(new UpstreamCutError(this.providerId));
    }, DRAIN_MS);
    this.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.failure) controller.abort(this.failure);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 103 Early Hints and its like are no answer.
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.wake();
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.pieces.push(piece);
    this.heldBytes += piece.length;
    if (this.heldBytes > HELD_BYTES) controller.pause();
    this.wake();
  }

  onResponseEnd(): void {
    this.isEnded = true;
    this.stopClocks();
    this.wake();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  private something(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiter = { resolve, reject };
    });
  }

  /** A waiter is told once: V8 reports a promise that is resolved again, and that costs more than the promise. */
  private wake(): void {
    if (this.consumption) {
      this.feedSoon();
      return;
    }
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.resolve();
  }

  /** The pieces of one packet come in one go, and travel on as one. */
  private feedSoon(): void {
    if (this.isFeedDue) return;
    this.isFeedDue = true;
    this.deadline.piece();
    void IN_A_MOMENT.then(this.feedNow);
  }

  private readonly feedNow = (): void => {
    this.isFeedDue = false;
    this.feed();
  };

  private feed(): void {
    const { consumption } = this;
    if (!consumption || this.isConsumerBusy) return;
    try {
      const verdict = this.pieces.length > 0 ? consumption.consume(this.takeAll()) : undefined;
      if (verdict === 'stop') this.conclude(consumption.resolve);
      else if (this.failure) this.conclude(consumption.reject, this.failure);
      else if (verdict) this.waitFor(verdict);
      else if (this.isEnded) this.conclude(consumption.resolve);
    } catch (error) {
      this.conclude(consumption.reject, error);
      this.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private takeAll(): Buffer {
    const all = joinedPieces(this.pieces, this.heldBytes);
    this.pieces = [];
    this.letGo(all.length);
    return all;
  }

  private waitFor(busy: Promise<void>): void {
    this.isConsumerBusy = true;
    this.controller?.pause();
    void busy.then(() => {
      this.isConsumerBusy = false;
      this.resume();
      this.feed();
    });
  }

  private conclude(settle: (error?: unknown) => void, error?: unknown): void {
    this.consumption = undefined;
    settle(error);
  }

  private fail(error: Error): void {
    this.failure ??= asUpstreamFailure(error, this.providerId);
    this.stopClocks();
    if (!this.consumption) this.waiter?.reject(this.failure);
    else if (this.isConsumerBusy) this.conclude(this.consumption.reject, this.failure);
    // What came before the failure is the client's.
    else this.feed();
  }

  private stopClocks(): void {
    this.deadline.end();
    clearTimeout(this.impatience);
  }

  private letGo(bytes: number): void {
    this.heldBytes -= bytes;
    if (this.heldBytes === 0) this.resume();
  }

  private resume(): void {
    if (this.controller?.paused) this.controller.resume();
  }
}
