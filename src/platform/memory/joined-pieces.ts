/** All the pieces in one. A single one is not copied: it is the same buffer. */
export function joinedPieces(pieces: readonly Buffer[], size?: number): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Buffer.concat(pieces, size);
}
