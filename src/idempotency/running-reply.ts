import { EventEmitter } from 'node:events';
import type { ExpressResponse, Headers } from '../platform/http/express-messages.js';
import { KEEP_ALIVE } from '../platform/http/reply-channel.js';
import type { ReplyTarget } from '../platform/http/reply-target.js';
import type { HeldBytes } from '../platform/memory/held-bytes.js';
import { HeldPieces } from '../platform/memory/held-pieces.js';

/** The status and headers of a reply, and everything behind them. */
export interface WrittenReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * A reply for everybody who asks for it. To the pipeline it is Node's response: what is written here goes to all who
 * attend, and is held, as long as there is room, for those who come later. Emits `deserted` when the last has left.
 */
export class RunningReply extends EventEmitter implements ReplyTarget {
  closed = false;
  writableFinished = false;
  private head: { readonly status: number; readonly headers: Headers } | undefined;
  private readonly held: HeldPieces;
  /** With the headers that only one of them gets. */
  private readonly audience = new Map<ExpressResponse, Headers>();

  constructor(
    private readonly first: ExpressResponse,
    memory: HeldBytes,
  ) {
    super();
    this.held = new HeldPieces(memory);
    this.attend(first, {});
  }

  get headersSent(): boolean {
    return this.head !== undefined;
  }

  get isDeserted(): boolean {
    return this.audience.size === 0;
  }

  /** It has been held from its beginning, so that somebody who comes now gets all of it. */
  get canBeJoined(): boolean {
    return this.held.isWhole;
  }

  /** All of it, once it has ended and if it was held. */
  get written(): WrittenReply | undefined {
    return this.head && this.held.isWhole && this.writableFinished
      ? { ...this.head, body: this.held.joined() }
      : undefined;
  }

  /** From its first byte to its last, whenever somebody comes. */
  attend(response: ExpressResponse, headers: Headers): void {
    this.audience.set(response, headers);
    response.once('close', () => {
      this.leave(response);
    });
    response.on('drain', () => {
      this.tellWhenFluent();
    });
    if (!this.head || response.destroyed) return;
    response.writeHead(this.head.status, { ...this.head.headers, ...headers });
    for (const piece of this.held.pieces) response.write(piece);
    if (this.writableFinished) response.end();
  }

  /** Ends it for want of anybody who listens. */
  abandon(): void {
    if (this.closed || !this.isDeserted) return;
    this.closed = true;
    this.emit('close');
  }

  /** Nobody will come any more. */
  forget(): void {
    this.held.forget();
  }

  /** Headers of the first one's own, such as its rate limits. */
  announce(headers: Headers): void {
    this.first.announce(headers);
  }

  writeHead(status: number, headers: Headers): void {
    this.head = { status, headers };
    for (const [response, own] of this.present()) response.writeHead(status, { ...headers, ...own });
  }

  /** What is held may be read slowly; only what is not has to wait for its readers. */
  write(bytes: Buffer | string): boolean {
    const piece = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    // A sign of life is for those who wait now.
    if (bytes !== KEEP_ALIVE) this.held.add(piece);
    for (const [response] of this.present()) response.write(piece);
    return this.held.isWhole || this.isFluent;
  }

  end(bytes: Buffer | string, encoding?: BufferEncoding): void {
    const piece = typeof bytes === 'string' ? Buffer.from(bytes, encoding) : bytes;
    this.held.add(piece);
    this.writableFinished = true;
    this.closed = true;
    for (const [response] of this.present()) response.end(piece);
    this.emit('close');
  }

  private present(): [ExpressResponse, Headers][] {
    return [...this.audience].filter(([response]) => !response.destroyed);
  }

  private get isFluent(): boolean {
    return this.present().every(([response]) => !response.writableNeedDrain);
  }

  private tellWhenFluent(): void {
    if (this.isFluent) this.emit('drain');
  }

  /** Its client has gone. */
  leave(response: ExpressResponse): void {
    this.audience.delete(response);
    if (this.closed) return;
    if (this.isDeserted) this.emit('deserted');
    else this.tellWhenFluent();
  }
}
