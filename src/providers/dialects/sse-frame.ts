/**
 * Server-sent events at the level of bytes. A library would decode every event into strings; here the bytes of an
 * event that needs no change are what the client gets.
 */

/** The index behind the blank line that ends the event beginning at `start`, or -1 while it has not come. */
export function frameEnd(received: string, start: number): number {
  let lineStart = start;
  for (;;) {
    const newline = received.indexOf('\n', lineStart);
    if (newline < 0) return -1;
    const length = newline - lineStart;
    const isBlank = length === 0 || (length === 1 && received[lineStart] === '\r');
    if (isBlank) return newline + 1;
    lineStart = newline + 1;
  }
}

/** The data of one event; undefined when it has none, as a comment. */
export function frameData(frame: Buffer): string | undefined {
  const lines = frame.toString('utf8').split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(line[5] === ' ' ? 6 : 5));
  return data.length === 0 ? undefined : data.join('\n').trim();
}
