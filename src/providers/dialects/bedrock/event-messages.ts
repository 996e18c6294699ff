import { crc32 } from 'node:zlib';

/** A message of `application/vnd.amazon.eventstream`: headers, of which only texts matter here, and a payload. */
export interface EventMessage {
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** Length of all, length of the headers, checksum of the two. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** What Amazon allows for a payload and its headers. */
const LARGEST_MESSAGE_BYTES = 24 * 1024 * 1024;
const BYTES_TYPE = 6;
const TEXT_TYPE = 7;
/** Of header values whose length is in their type: booleans, integers, times, UUIDs. */
const VALUE_BYTES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];

/** Cuts Amazon's event stream into messages, wherever the pieces that it comes in were cut. */
export class EventMessages {
  /** A checksum was wrong, or this never was an event stream: nothing behind it can be read. */
  isBroken = false;
  private pieces: Buffer[] = [];
  private heldBytes = 0;
  /** With fewer bytes there is nothing to read. */
  private neededBytes = PRELUDE_BYTES;

  /** The messages that are complete now. */
  read(piece: Buffer): EventMessage[] {
    this.pieces.push(piece);
    this.heldBytes += piece.length;
    if (this.heldBytes < this.neededBytes) return [];
    const bytes = this.pieces.length === 1 ? piece : Buffer.concat(this.pieces, this.heldBytes);
    const messages: EventMessage[] = [];
    let at = 0;
    while (!this.isBroken) {
      this.neededBytes = this.messageBytes(bytes.subarray(at));
      if (bytes.length - at < this.neededBytes) break;
      const message = this.message(bytes.subarray(at, at + this.neededBytes));
      if (message) messages.push(message);
      at += this.neededBytes;
    }
    this.pieces = at < bytes.length ? [bytes.subarray(at)] : [];
    this.heldBytes = bytes.length - at;
    return messages;
  }

  private messageBytes(bytes: Buffer): number {
    if (bytes.length < PRELUDE_BYTES) return PRELUDE_BYTES;
    const length = bytes.readUInt32BE(0);
    const isIntact = crc32(bytes.subarray(0, 8)) === bytes.readUInt32BE(8);
    const isPossible = length >= PRELUDE_BYTES + CHECKSUM_BYTES && length <= LARGEST_MESSAGE_BYTES;
    this.isBroken = !isIntact || !isPossible;
    return length;
  }

  private message(bytes: Buffer): EventMessage | undefined {
    const end = bytes.length - CHECKSUM_BYTES;
    const headersEnd = PRELUDE_BYTES + bytes.readUInt32BE(4);
    this.isBroken = headersEnd > end || crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end);
    if (this.isBroken) return undefined;
    const headers = readHeaders(bytes.subarray(PRELUDE_BYTES, headersEnd));
    return { headers, payload: bytes.subarray(headersEnd, end) };
  }
}

/** Each is a name and a typed value; one of a type that nobody knows yet hides those behind it. */
function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const type = bytes.readUInt8(nameEnd);
    at = nameEnd + 1;
    if (type === TEXT_TYPE) headers.set(name, bytes.toString('utf8', at + 2, at + 2 + bytes.readUInt16BE(at)));
    const valueBytes = type === TEXT_TYPE || type === BYTES_TYPE ? 2 + bytes.readUInt16BE(at) : VALUE_BYTES[type];
    if (valueBytes === undefined) break;
    at += valueBytes;
  }
  return headers;
}
