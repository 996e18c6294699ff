import type { IncomingHttpHeaders } from 'node:http';
import type { LlmProvider } from './llm-provider.js';
import type { UpstreamExchange } from './upstream-exchange.js';
import { UpstreamStatusError } from './upstream-status-error.js';

/** A provider's error page is read this far. */
const LARGEST_ERROR_BYTES = 64 * 1024;

/** What a status that is not a success means; the provider's own words are in the body. */
export async function readRefusal(exchange: UpstreamExchange, provider: LlmProvider): Promise<UpstreamStatusError> {
  const { status, headers } = exchange;
  const details = provider.dialect.failure(await beginning(exchange));
  return new UpstreamStatusError({
    providerId: provider.id,
    status,
    details,
    retryAfterMs: readRetryAfter(headers) ?? details?.retryAfterMs,
  });
}

async function beginning(exchange: UpstreamExchange): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  while (size < LARGEST_ERROR_BYTES) {
    const piece = await exchange.next();
    if (!piece) break;
    pieces.push(piece);
    size += piece.length;
  }
  exchange.drain();
  return Buffer.concat(pieces);
}

/** Milliseconds. */
function readRetryAfter(headers: IncomingHttpHeaders): number | undefined {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const given = headers['retry-after'];
  if (given === undefined) return undefined;
  const seconds = Number(given);
  const waitMs = Number.isNaN(seconds) ? Date.parse(given) - Date.now() : seconds * 1000;
  return waitMs >= 0 ? waitMs : undefined;
}
