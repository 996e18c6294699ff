import { joinedPieces } from '../platform/memory/joined-pieces.js';
import type { ChatStreamDecoder } from '../providers/dialect.js';
import { InBandFailureError, UpstreamCutError } from '../providers/upstream-errors.js';
import type { UpstreamExchange } from '../providers/upstream-exchange.js';
import type { StreamFormat } from './reply-format.js';

/** Writes to the client; a promise means that it reads slowly. */
type Relay = (bytes: Buffer) => Promise<void> | undefined;

interface StreamParts {
  readonly providerId: string;
  readonly exchange: UpstreamExchange;
  readonly decoder: ChatStreamDecoder;
  readonly format: StreamFormat;
  /** What came before the first token. */
  readonly held: readonly Buffer[];
}

/** A stream that has begun: what is ready for the client, to the provider's own end or to an error. */
export class OpenStream {
  readonly format: StreamFormat;
  readonly decoder: ChatStreamDecoder;

  constructor(private readonly parts: StreamParts) {
    this.format = parts.format;
    this.decoder = parts.decoder;
  }

  /**
   * Hands every piece to `relay` and waits for it. Returns only when the provider said that this was all.
   * @throws UpstreamError when it broke off, ClientGoneError
   */
  async relayTo(relay: Relay): Promise<void> {
    const { exchange, held } = this.parts;
    await relay(joinedPieces(held));
    if (!this.isDecided) await exchange.each((piece) => this.decode(piece, relay));
    this.refuseBadEnd();
    exchange.drain();
  }

  private decode(piece: Buffer, relay: Relay): 'stop' | Promise<void> | undefined {
    const sent = this.decoder.decode(piece, this.parts.format.rewrite);
    const drained = sent.length > 0 ? relay(joinedPieces(sent)) : undefined;
    return this.isDecided ? 'stop' : drained;
  }

  /** More bytes could not change how this ends. */
  private get isDecided(): boolean {
    return this.decoder.isOver || this.decoder.failure !== undefined;
  }

  private refuseBadEnd(): void {
    const { failure, isTerminated } = this.decoder;
    const { exchange, providerId } = this.parts;
    if (failure) throw exchange.abandoned(new InBandFailureError(failure));
    if (!isTerminated) throw new UpstreamCutError(providerId);
  }
}
