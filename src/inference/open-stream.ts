import type { ChatStreamDecoder } from '../providers/dialect.js';
import { InBandFailureError, UpstreamCutError } from '../providers/upstream-errors.js';
import type { UpstreamResponse } from '../providers/upstream-response.js';
import type { StreamFormat } from './reply-format.js';

interface StreamParts {
  readonly providerId: string;
  readonly response: UpstreamResponse;
  readonly pieces: AsyncGenerator<Buffer, void, undefined>;
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
    const { pieces, held } = this.parts;
    for (const bytes of held) await relay(bytes);
    if (!this.isDecided()) {
      for await (const piece of pieces) {
        for (const bytes of this.decoder.decode(piece, this.format.rewrite)) {
          const drained = relay(bytes);
          if (drained) await drained;
        }
        if (this.isDecided()) break;
      }
    }
    await pieces.return();
    this.refuseBadEnd();
  }

  /** More bytes could not change how this ends. */
  private isDecided(): boolean {
    const { isOver, failure } = this.decoder;
    if (isOver) this.parts.response.drain();
    return isOver || failure !== undefined;
  }

  private refuseBadEnd(): void {
    const { failure, isTerminated } = this.decoder;
    if (failure) throw new InBandFailureError(failure);
    if (!isTerminated) throw new UpstreamCutError(this.parts.providerId);
  }
}
