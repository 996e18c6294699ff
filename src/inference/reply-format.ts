import type { ErrorDescription } from '../platform/http/error-description.js';
import type { JsonObject } from '../platform/json/json-document.js';
import type { ChatReply, ChunkRewriter } from '../providers/dialect.js';
import type { Bill } from './bill.js';

/** How a wire format shows replies. The pipeline knows what to tell; a format knows how its clients want to hear it. */
export interface ReplyFormat {
  /** As a text in which each character is a byte: it goes out in one piece with the reply's head. */
  whole(reply: ChatReply, ending: Ending): string;
  /** A fresh one for each attempt: what a failed attempt sent nobody saw. */
  stream(): StreamFormat;
}

export interface StreamFormat {
  /** What the client gets of each chunk. */
  readonly rewrite: ChunkRewriter;
  /** Hears what goes out, for a format that remembers it. */
  readonly sent?: (bytes: Buffer) => void;
  /** The last bytes of a stream that its provider ended. */
  completed(ending: Ending): string;
  /** The last bytes of a stream that broke: it must not look like a success. */
  failed(ending: Ending, error: ErrorDescription, requestId: string): string;
}

/** What is known of a call once it is settled. */
export interface Ending {
  readonly bill: Bill;
  /** What happened to it, when the caller wants to know. */
  readonly trace?: JsonObject | undefined;
}
