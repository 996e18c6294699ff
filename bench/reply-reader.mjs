const TAIL_LENGTH = 64;
const [CARRIAGE_RETURN, LINE_FEED, SEMICOLON] = [13, 10, 59];
const HEAD_END = '\r\n\r\n';

/**
 * Reads HTTP/1.1 replies from raw bytes, as little of them as is needed: status, length or chunks, the moment of the
 * first body byte and the last few characters. A full parser would cost more than the forwarder under test.
 */
export class ReplyReader {
  constructor() {
    this.reset();
  }

  reset() {
    this.state = 'head';
    this.head = '';
    this.status = 0;
    this.remaining = 0;
    this.line = 0;
    this.tail = '';
    this.firstByteAt = 0;
  }

  /** @returns {boolean} Whether the reply is complete. */
  read(bytes) {
    let offset = this.state === 'head' ? this.readHead(bytes) : 0;
    while (offset < bytes.length && this.state !== 'done') offset = this[this.state](bytes, offset);
    return this.state === 'done';
  }

  readHead(bytes) {
    const before = this.head.length;
    this.head += bytes.latin1Slice(0, bytes.length);
    const end = this.head.indexOf(HEAD_END);
    if (end < 0) return bytes.length;
    const head = this.head.slice(0, end).toLowerCase();
    this.status = Number(head.slice(9, 12));
    const [, length] = /\ncontent-length: *(\d+)/.exec(head) ?? [];
    this.remaining = Number(length ?? 0);
    this.state = length === undefined ? 'size' : this.remaining > 0 ? 'body' : 'done';
    return end + HEAD_END.length - before;
  }

  body(bytes, offset) {
    const end = this.take(bytes, offset);
    if (this.remaining === 0) this.state = 'done';
    return end;
  }

  size(bytes, offset) {
    const byte = bytes[offset];
    if (byte === LINE_FEED) {
      this.state = this.remaining === 0 ? 'trailer' : 'chunk';
      this.line = 0;
    } else if (byte !== CARRIAGE_RETURN && byte !== SEMICOLON) {
      this.remaining = this.remaining * 16 + (byte & 15) + (byte > 57 ? 9 : 0);
    }
    return offset + 1;
  }

  chunk(bytes, offset) {
    const end = this.take(bytes, offset);
    if (this.remaining === 0) this.state = 'chunkEnd';
    return end;
  }

  chunkEnd(bytes, offset) {
    if (bytes[offset] === LINE_FEED) this.state = 'size';
    return offset + 1;
  }

  trailer(bytes, offset) {
    const byte = bytes[offset];
    if (byte === LINE_FEED && this.line === 0) this.state = 'done';
    if (byte === LINE_FEED) this.line = 0;
    else if (byte !== CARRIAGE_RETURN) this.line += 1;
    return offset + 1;
  }

  take(bytes, offset) {
    if (this.firstByteAt === 0) this.firstByteAt = performance.now();
    const end = Math.min(bytes.length, offset + this.remaining);
    this.remaining -= end - offset;
    const last = bytes.latin1Slice(Math.max(offset, end - TAIL_LENGTH), end);
    this.tail = last.length === TAIL_LENGTH ? last : (this.tail + last).slice(-TAIL_LENGTH);
    return end;
  }
}
