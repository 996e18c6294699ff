import type { ChatStreamDecoder } from '../providers/dialect.js';
import { InBandFailureError, UpstreamCutError } from '../providers/upstream-errors.js';
import type { UpstreamExchange } from '../providers/upstream-exchange.js';
import type { StreamFormat } from './reply-format.js';

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
  async relayTo(relay: (bytes: Buffer) => Promise<void> | undefined): Promise<void> {
    const { exchange, held } = this.parts;
    for (const bytes of held) await relay(bytes);
    while (!this.isDecided) {
      const piece = await exchange.next();
      if (!piece) break;
      for (const bytes of this.decoder.decode(piece, this.parts.format.rewrite)) {
        const drained = relay(bytes);
        if (drained) await drained;
      }
    }
    this.refuseBadEnd();
    exchange.drain();
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
