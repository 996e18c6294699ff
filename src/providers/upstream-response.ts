import type { IncomingHttpHeaders } from 'undici/types/header.js';
import type { Readable } from 'node:stream';
import type { LlmProvider } from './llm-provider.js';
import type { UpstreamDeadline } from './upstream-deadline.js';
import { UndecodableReplyError, UpstreamCutError, UpstreamError } from './upstream-errors.js';
import { ClientGoneError } from '../platform/errors/request-errors.js';
import { UpstreamStatusError } from './upstream-status-error.js';

/** A provider's error page is read this far. */
const LARGEST_ERROR_BYTES = 64 * 1024;
/** How long the end of a body may take that nobody needs any more; then its connection is given up. */
const DRAIN_MS = 1000;
/** A plain reply beyond this is refused instead of filling the memory. */
const LARGEST_REPLY_BYTES = 256 * 1024 * 1024;

interface ResponseParts {
  readonly providerId: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  readonly deadline: UpstreamDeadline;
}

/** What a provider sent back: the head has come, the body is still on its way, under the attempt's deadlines. */
export class UpstreamResponse implements AsyncIterable<Buffer> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  private isDraining = false;

  constructor(private readonly parts: ResponseParts) {
    this.status = parts.status;
    this.headers = parts.headers;
  }

  /** The body's pieces as they come. @throws UpstreamError, ClientGoneError */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    const { body, deadline, providerId } = this.parts;
    try {
      for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        deadline.rest();
        yield piece;
        deadline.arm();
      }
    } catch (error) {
      throw asUpstreamError(error, providerId);
    } finally {
      deadline.rest();
      if (!body.readableEnded && !this.isDraining) body.destroy();
    }
  }

  /**
   * The rest does not matter: a reader that stops now leaves the connection to be used again. Without it, stopping
   * half-way closes the connection, which tells the provider to stop.
   */
  drain(): void {
    const { body } = this.parts;
    this.isDraining = true;
    const impatience = setTimeout(() => body.destroy(), DRAIN_MS);
    body.once('close', () => {
      clearTimeout(impatience);
    });
    body.on('error', () => undefined);
    body.resume();
  }

  firstToken(): void {
    this.parts.deadline.firstToken();
  }

  /** The whole body. @throws UpstreamError, ClientGoneError */
  async whole(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of this) {
      pieces.push(piece);
      size += piece.length;
      if (size > LARGEST_REPLY_BYTES) throw new UndecodableReplyError(`${this.parts.providerId} sent too large a reply.`);
    }
    const [only] = pieces;
    return pieces.length === 1 && only ? only : Buffer.concat(pieces, size);
  }

  /** The beginning of the body: enough to know why a provider refused. */
  async beginning(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of this) {
      pieces.push(piece);
      size += piece.length;
      if (size > LARGEST_ERROR_BYTES) break;
    }
    return Buffer.concat(pieces, size);
  }
}

/** An error of ours that ended the body passes through; one of the connection means that the reply was cut. */
export function asUpstreamError(error: unknown, providerId: string): UpstreamError | ClientGoneError {
  if (error instanceof UpstreamError || error instanceof ClientGoneError) return error;
  return new UpstreamCutError(providerId, { cause: error });
}

/** What a status that is not a success means. */
export async function refusal(response: UpstreamResponse, provider: LlmProvider): Promise<UpstreamStatusError> {
  const details = provider.dialect.failure(await response.beginning());
  const retryAfterMs = retryAfter(response.headers);
  return new UpstreamStatusError({ providerId: provider.id, status: response.status, details, retryAfterMs });
}

function retryAfter(headers: IncomingHttpHeaders): number | undefined {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const given = headers['retry-after'];
  if (typeof given !== 'string') return undefined;
  const seconds = Number(given);
  const waitMs = Number.isNaN(seconds) ? Date.parse(given) - Date.now() : seconds * 1000;
  return waitMs >= 0 ? waitMs : undefined;
}
