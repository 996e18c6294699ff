import { setImmediate as turn } from 'node:timers/promises';
import type { Behaviour } from './behaviour.js';
import type { Exchange } from './exchange.js';
import type { StreamEvent } from './stream-events.js';
import type { StreamScript } from './stream-faults.js';

export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-request-id': 'req_sandbox',
};

/** Odd and small, so that pieces end within characters, within `data:` and between CR and LF. */
const PIECE_SIZES = [1, 3, 2, 7, 5];

/** Plays a stream, event by event, at the pace that was asked for. */
export async function playStream(exchange: Exchange, script: StreamScript, behaviour: Behaviour): Promise<void> {
  const { response } = exchange;
  response.writeHead(200, STREAM_HEADERS);
  response.flushHeaders();
  for (const [position, event] of script.events.entries()) {
    await exchange.wait(waitBefore(event, position, behaviour));
    for (const piece of encode(event, behaviour)) await writePiece(exchange, piece, behaviour);
  }
  if (script.ending === 'end') response.end();
  if (script.ending === 'destroy') await exchange.destroy();
}

function waitBefore(event: StreamEvent, position: number, behaviour: Behaviour): number | undefined {
  if (position === 0) return behaviour.first_token_ms;
  return event.kind === 'output' || event.kind === 'foreign' ? behaviour.pace_ms : undefined;
}

async function writePiece(exchange: Exchange, piece: string | Uint8Array, { fault }: Behaviour): Promise<void> {
  await exchange.write(piece);
  // Without a turn of the event loop in between, the pieces would leave in one packet.
  if (fault === 'split_bytes' || fault === 'trickle_body') await turn();
}

/** Pure: the bytes of one event, in the pieces in which they are written. */
export function encode(event: StreamEvent, { fault }: Behaviour): readonly (string | Uint8Array)[] {
  const name = event.name === undefined ? '' : `event: ${event.name}\n`;
  if (fault === 'comments') return [`: PROCESSING\r\n\r\n${name}data: ${event.data}\r\n\r\n`];
  const text = `${name}data: ${event.data}\n\n`;
  return fault === 'split_bytes' || fault === 'trickle_body' ? splitOddly(Buffer.from(text)) : [text];
}

/** Pure: the bytes in pieces of a few odd sizes, in turn. */
export function splitOddly(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + (PIECE_SIZES[parts.length % PIECE_SIZES.length] ?? 1);
    parts.push(bytes.subarray(start, end));
    start = end;
  }
  return parts;
}
