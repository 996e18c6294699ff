import { joinedPieces } from '../../../platform/memory/joined-pieces.js';
import { EventStreamCodec } from '@smithy/eventstream-codec';

/** A message of `application/vnd.amazon.eventstream`: headers, of which only texts matter here, and a payload. */
export interface EventMessage {
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** Every message begins with its length. */
const LENGTH_BYTES = 4;
/** What Amazon allows for a payload and its headers. */
const LARGEST_MESSAGE_BYTES = 24 * 1024 * 1024;

const codec = new EventStreamCodec(
  (bytes: Uint8Array) => view(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/** Cuts Amazon's event stream into messages, wherever the pieces that it comes in were cut; Amazon's code reads these. */
export class EventMessages {
  /** A checksum was wrong, or this never was an event stream: nothing behind it can be read. */
  isBroken = false;
  private pieces: Buffer[] = [];
  private heldBytes = 0;
  /** With fewer bytes there is nothing to read. */
  private neededBytes = LENGTH_BYTES;

  /** The messages that are complete now. */
  read(piece: Buffer): EventMessage[] {
    this.pieces.push(piece);
    this.heldBytes += piece.length;
    if (this.heldBytes < this.neededBytes) return [];
    const bytes = joinedPieces(this.pieces, this.heldBytes);
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
    if (bytes.length < LENGTH_BYTES) return LENGTH_BYTES;
    const length = bytes.readUInt32BE(0);
    this.isBroken = length > LARGEST_MESSAGE_BYTES;
    return Math.max(length, LENGTH_BYTES);
  }

  private message(bytes: Buffer): EventMessage | undefined {
    try {
      const { headers, body } = codec.decode(bytes);
      const texts = Object.entries(headers).flatMap(([name, { type, value }]) =>
        type === 'string' ? [[name, value] as const] : [],
      );
      return { headers: new Map(texts), payload: view(body) };
    } catch {
      this.isBroken = true;
      return undefined;
    }
  }
}

/** The same bytes, not a copy of them. */
function view({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
