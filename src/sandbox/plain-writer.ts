import type { Behaviour } from './behaviour.js';
import type { Exchange } from './exchange.js';
import { splitOddly } from './stream-writer.js';

const TRICKLE_PACE_MS = 1;
const TRICKLED_PIECES = 64;

/** Writes a plain reply, with those faults that concern its bytes. */
export async function playPlain(exchange: Exchange, body: string, behaviour: Behaviour): Promise<void> {
  switch (behaviour.fault) {
    case 'trickle_body':
    case 'split_bytes':
      return trickle(exchange, body, behaviour.pace_ms ?? TRICKLE_PACE_MS);
    case 'cut':
    case 'cut_body':
      await sendHalf(exchange, body);
      return exchange.destroy();
    case 'stall':
      return sendHalf(exchange, body);
    case 'silent_stream':
      promise(exchange, body);
      return;
    default:
      exchange.send(200, body, { 'x-request-id': 'req_sandbox' });
  }
}

/** Sends the head, and with it a length that the body may never reach. */
function promise({ response }: Exchange, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) });
  response.flushHeaders();
}

async function sendHalf(exchange: Exchange, body: string): Promise<void> {
  promise(exchange, body);
  const bytes = Buffer.from(body);
  await exchange.write(bytes.subarray(0, bytes.length >> 1));
}

/** The beginning in a few odd bytes at a time, so that it takes a while; then the rest. */
async function trickle(exchange: Exchange, body: string, paceMs: number): Promise<void> {
  promise(exchange, body);
  const pieces = splitOddly(Buffer.from(body));
  for (const piece of pieces.slice(0, TRICKLED_PIECES)) {
    await exchange.write(piece);
    await exchange.wait(paceMs);
  }
  exchange.response.end(Buffer.concat(pieces.slice(TRICKLED_PIECES)));
}
