import { UndecodableReplyError } from '../upstream-errors.js';

/** An event that grows beyond this is no event of a chat. */
const LARGEST_EVENT_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The beginning of an event whose end has not come yet. */
export class UnfinishedBytes {
  private pieces: Buffer[] = [];
  private size = 0;

  constructor(private readonly providerId: string) {}

  /** All bytes so far, or undefined while a long event is still on its way: joining it anew each time would cost. */
  withNext(piece: Buffer): Buffer | undefined {
    if (this.size === 0) return piece;
    if (!piece.includes(NEWLINE)) {
      this.keep(piece);
      return undefined;
    }
    const bytes = Buffer.concat([...this.pieces, piece]);
    this.pieces = [];
    this.size = 0;
    return bytes;
  }

  /** @throws UndecodableReplyError when the end never comes */
  keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.pieces.push(bytes);
    this.size += bytes.length;
    if (this.size > LARGEST_EVENT_BYTES) {
      throw new UndecodableReplyError(`${this.providerId} sent an event without an end.`);
    }
  }
}
