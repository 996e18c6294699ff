import type { HeldBytes } from './held-bytes.js';

/** A small buffer is part of a larger one, which all of it keeps alive; so many bytes may lie about as they came. */
const LOOSE_BYTES = 4_096;

/** Bytes that are held as they come: all of them, or none once there is no room. */
export class HeldPieces {
  isWhole = true;
  /** What counts towards the memory. */
  bytes = 0;
  private gathered: Buffer[] = [];
  private loose: Buffer[] = [];
  private looseBytes = 0;

  constructor(private readonly memory: HeldBytes) {}

  add(piece: Buffer): void {
    if (!this.reserve(piece.length)) return;
    this.loose.push(piece);
    this.looseBytes += piece.length;
    if (this.looseBytes < LOOSE_BYTES) return;
    this.gathered.push(unpooled(this.loose, this.looseBytes));
    this.loose = [];
    this.looseBytes = 0;
  }

  /** Room for what somebody else holds and what belongs to it. */
  reserve(bytes: number): boolean {
    if (!this.isWhole) return false;
    if (this.memory.take(this.bytes, bytes)) this.bytes += bytes;
    else this.forget();
    return this.isWhole;
  }

  get pieces(): readonly Buffer[] {
    return [...this.gathered, ...this.loose];
  }

  /** All of it, in memory of its own. */
  joined(): Buffer {
    const { pieces } = this;
    return unpooled(
      pieces,
      pieces.reduce((sum, { length }) => sum + length, 0),
    );
  }

  forget(): void {
    this.memory.give(this.bytes);
    this.bytes = 0;
    this.gathered = [];
    this.loose = [];
    this.looseBytes = 0;
    this.isWhole = false;
  }
}

function unpooled(pieces: readonly Buffer[], length: number): Buffer {
  const joined = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const piece of pieces) at += piece.copy(joined, at);
  return joined;
}
