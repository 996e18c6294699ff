import type { ErrorDescription } from '../platform/http/error-description.js';
import type { ChatReply, ChunkRewriter } from '../providers/dialect.js';
import type { Bill } from './bill.js';

/** How a wire format shows replies. The pipeline knows what to tell; a format knows how its clients want to hear it. */
export interface ReplyFormat {
  whole(reply: ChatReply, bill: Bill): Buffer;
  /** A fresh one for each attempt: what a failed attempt sent nobody saw. */
  stream(): StreamFormat;
}

export interface StreamFormat {
  /** What the client gets of each chunk. */
  readonly rewrite: ChunkRewriter;
  /** Hears what goes out, for a format that remembers it. */
  readonly sent?: (bytes: Buffer) => void;
  /** The last bytes of a stream that its provider ended. */
  completed(bill: Bill): string;
  /** The last bytes of a stream that broke: it must not look like a success. */
  failed(bill: Bill, error: ErrorDescription, requestId: string): string;
}
