import * as fc from 'fast-check';
import { message } from '../../../../test/support/converse-events.js';
import { EventMessages } from './event-messages.js';

const LENGTH_BYTES = 4;

const anyMessage = fc.record({
  headers: fc.dictionary(
    fc.string({ unit: fc.constantFrom('a', ':', '-', 'é'), minLength: 1, maxLength: 9 }),
    fc.string({ unit: 'grapheme' }),
  ),
  body: fc.string({ unit: 'grapheme' }),
});

function readAll(pieces: readonly Buffer[]) {
  const reader = new EventMessages();
  const messages = pieces.flatMap((piece) => reader.read(piece));
  return { isBroken: reader.isBroken, messages: messages.map(({ payload, headers }) => [payload.toString(), headers]) };
}

describe('an event stream of Amazon', () => {
  it('is read as it was written, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 4 }), fc.array(fc.nat(), { maxLength: 20 }), (given, places) => {
        const bytes = Buffer.concat(given.map(({ headers, body }) => message(headers, body)));
        const cuts = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const pieces = cuts.map((cut, at) => bytes.subarray(cuts[at - 1] ?? 0, cut));
        const { isBroken, messages } = readAll(pieces);
        expect(isBroken).toBe(false);
        expect(messages.map(([body]) => body)).toEqual(given.map(({ body }) => body));
        for (const [at, { headers }] of given.entries())
          expect(messages[at]?.[1]).toEqual(
            new Map(Object.entries({ ':content-type': 'application/json', ...headers })),
          );
      }),
    );
  });

  it('is broken, or waits for what never comes, when any of its bytes is another: nothing behind that is taken for true', () => {
    const [first, second] = [message({ a: 'b' }, 'first'), message({ a: 'b' }, 'second')];
    for (let at = 0; at < second.length; at += 1) {
      const damaged = Buffer.from(second);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x41, at);
      const { isBroken, messages } = readAll([Buffer.concat([first, damaged, first])]);
      expect(messages.map(([body]) => body)).toEqual(['first']);
      expect(isBroken || at < LENGTH_BYTES).toBe(true);
    }
  });

  it('has nothing to say where it ends too early, and is no event stream where it is another thing', () => {
    const bytes = message({}, 'all of it');
    for (let length = 0; length < bytes.length; length += 1)
      expect(readAll([bytes.subarray(0, length)])).toEqual({ isBroken: false, messages: [] });
    expect(readAll([Buffer.from('data: {"choices":[]}\n\n')])).toEqual({ isBroken: true, messages: [] });
  });

  it('passes over values that are no texts', () => {
    // By hand: true, a byte, a short, an integer, a long, bytes, a time, a UUID, and then a text.
    const values: [number, number][] = [
      [0, 0],
      [2, 1],
      [3, 2],
      [4, 4],
      [5, 8],
      [8, 8],
      [9, 16],
    ];
    const fixed = values.map(([type, length]) => Buffer.concat([Buffer.from([1, 0x61, type]), Buffer.alloc(length)]));
    const headers = Buffer.concat([
      ...fixed,
      Buffer.from([1, 0x62, 6, 0, 2, 9, 9]),
      Buffer.from([1, 0x63, 7, 0, 1, 0x64]),
    ]);
    const read = readAll([framed(headers, Buffer.from('body'))]);
    expect(read.messages).toEqual([['body', new Map([['c', 'd']])]]);
  });
});

/** A message with these bytes for headers; its checksums are those of a table that this test makes for itself. */
function framed(headers: Buffer, body: Buffer): Buffer {
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(headers.length + body.length + 16, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const checked = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([checked, checksum(checked)]);
}

function checksum(bytes: Buffer): Buffer {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  const written = Buffer.alloc(4);
  written.writeUInt32BE((sum ^ 0xffffffff) >>> 0);
  return written;
}
