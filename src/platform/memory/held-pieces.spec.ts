import { HeldBytes } from './held-bytes.js';
import { HeldPieces } from './held-pieces.js';

describe('HeldPieces', () => {
  it('gives back every byte in its order, from memory of its own', () => {
    const held = new HeldPieces(new HeldBytes(1_000_000, 1_000_000));
    const pieces = Array.from({ length: 1_000 }, (_, index) => Buffer.from(`piece ${index} ${'x'.repeat(index % 97)}`));
    for (const piece of pieces) held.add(piece);
    expect(Buffer.concat([...held.pieces]).equals(Buffer.concat(pieces))).toBe(true);
    expect(held.joined().equals(Buffer.concat(pieces))).toBe(true);
    expect(held.joined().buffer.byteLength).toBe(held.bytes);
  });

  it('keeps little alive beside what it holds', () => {
    const held = new HeldPieces(new HeldBytes(1_000_000, 1_000_000));
    for (let count = 0; count < 2_000; count += 1) {
      held.add(Buffer.from('a piece of two hundred bytes or so '.repeat(6)));
      // What others allocate meanwhile is a part of the same larger buffers.
      Buffer.from('x'.repeat(3_000));
    }
    const alive = new Set(held.pieces.map(({ buffer }) => buffer));
    const aliveBytes = [...alive].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(aliveBytes).toBeLessThan(2 * held.bytes);
  });

  it('holds all or nothing, and gives back what it took', () => {
    const memory = new HeldBytes(10, 15);
    const [one, two] = [new HeldPieces(memory), new HeldPieces(memory)];
    one.add(Buffer.from('12345678'));
    two.add(Buffer.from('12345678'));
    two.add(Buffer.from('1'));
    expect([one.isWhole, two.isWhole, two.pieces]).toEqual([true, false, []]);
    one.forget();
    const three = new HeldPieces(memory);
    expect([three.reserve(5), three.reserve(5), three.reserve(1)]).toEqual([true, true, false]);
    expect(memory.take(0, 10)).toBe(true);
  });
});
