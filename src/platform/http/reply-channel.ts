import type { ReplyTarget } from './reply-target.js';

export type ReplyHeaders = Readonly<Record<string, string>>;

// Without the blank line behind it this is the form that every SDK reads past.
export const KEEP_ALIVE = ': ping\n';

const ONE_PIECE_BYTES = 16_384;

const STREAM_HEADERS: ReplyHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold the events back otherwise.
  'x-accel-buffering': 'no',
};

/**
 * The way back to one client. A reply is either sent whole, or begun as a stream of events, written and ended.
 * Waits for a client that reads slowly, and knows when it is gone.
 */
export class ReplyChannel {
  private keepAlive: NodeJS.Timeout | undefined;
  /** Milliseconds of `performance.now()`. */
  private lastWriteAt = 0;
  private leaveListeners: (() => void)[] = [];

  constructor(
    private readonly response: ReplyTarget,
    private readonly keepAliveMs: number,
  ) {
    response.once('close', () => {
      clearTimeout(this.keepAlive);
      if (this.isGone)
        this.leaveListeners.forEach((listener) => {
          listener();
        });
    });
  }

  /** The client closed the connection before its reply was whole. */
  get isGone(): boolean {
    return this.response.closed && !this.response.writableFinished;
  }

  /** The status has gone out; a failure can be told only inside the stream. */
  get hasBegun(): boolean {
    return this.response.headersSent;
  }

  /** Calls the listener once the client has gone, or at once when it has. */
  readonly onLeave = (listener: () => void): void => {
    if (this.isGone) listener();
    else this.leaveListeners.push(listener);
  };

  /** Headers of this reply, whatever it will be: a success, a stream or an error. */
  announce(headers: ReplyHeaders): void {
    this.response.announce(headers);
  }

  /** Each character of the text is a byte. */
  sendWhole(text: string, headers: ReplyHeaders): void {
    if (this.isGone) return;
    this.response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': text.length,
      ...headers,
    });
    // Text goes out in one piece with the head, bytes in a second one; for a large reply the copy would cost more.
    if (text.length <= ONE_PIECE_BYTES) this.response.end(text, 'latin1');
    else this.response.end(Buffer.from(text, 'latin1'));
  }

  /**
   * From now on a comment is sent after each silence, so that no proxy in between cuts the stream. The first one
   * sends the head as well; the headers are asked for only then, or by `beginStream`.
   */
  keepAwake(headers: () => ReplyHeaders): void {
    this.lastWriteAt = performance.now();
    this.breakSilence(this.keepAliveMs, headers);
  }

  beginStream(headers: ReplyHeaders): void {
    if (this.hasBegun || this.isGone) return;
    this.response.writeHead(200, { ...STREAM_HEADERS, ...headers });
  }

  /** Writes events; a promise means that the client reads more slowly than the provider writes. */
  write(bytes: Buffer | string): Promise<void> | undefined {
    this.lastWriteAt = performance.now();
    if (this.isGone || this.response.write(bytes)) return undefined;
    return this.drained();
  }

  /** The last bytes of a stream. */
  end(bytes: Buffer | string): void {
    clearTimeout(this.keepAlive);
    if (!this.isGone) this.response.end(bytes);
  }

  /** A write only leaves its time: when the timer fires, it looks how long the silence has really been. */
  private breakSilence(inMs: number, headers: () => ReplyHeaders): void {
    this.keepAlive = setTimeout(() => {
      const leftMs = this.lastWriteAt + this.keepAliveMs - performance.now();
      if (leftMs > 0) {
        this.breakSilence(leftMs, headers);
        return;
      }
      this.beginStream(headers());
      this.response.write(KEEP_ALIVE);
      this.lastWriteAt = performance.now();
      this.breakSilence(this.keepAliveMs, headers);
    }, inMs);
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.response.off('drain', done).off('close', done);
        resolve();
      };
      this.response.on('drain', done).on('close', done);
    });
  }
}
