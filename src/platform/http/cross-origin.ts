import type { IncomingMessage } from 'node:http';
import type { ExpressResponse } from './express-messages.js';

const EXPOSED = [
  'x-request-id',
  'retry-after',
  'retry-after-ms',
  'idempotent-replayed',
  ...['provider', 'model', 'model-redirect', 'attempts', 'overhead-ms', 'cost', 'original-request-id'].map(
    (name) => `x-gatewayz-${name}`,
  ),
  ...['limit', 'remaining', 'reset'].flatMap((figure) => [
    `x-ratelimit-${figure}-requests`,
    `x-ratelimit-${figure}-tokens`,
  ]),
].join(', ');

const EVERYBODY = { 'access-control-allow-origin': '*' };
const EVERYBODY_IN_BROWSERS = { ...EVERYBODY, 'access-control-expose-headers': EXPOSED };

/** Pages in browsers call the gateway from anywhere: what lets a caller in is a key, and no cookie ever does. */
export function allowEveryOrigin(request: IncomingMessage, response: ExpressResponse): void {
  // Only browsers say where a request comes from, and ask which headers a page may read.
  response.announce(request.headers.origin === undefined ? EVERYBODY : EVERYBODY_IN_BROWSERS);
}

/** A browser's question whether a page may call us. */
export function isPreflight({ method }: IncomingMessage): boolean {
  return method === 'OPTIONS';
}

export function answerPreflight(request: IncomingMessage, response: ExpressResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    // SDKs send a dozen `x-stainless-*` headers, which only a reflection can list.
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? 'authorization, content-type',
    'access-control-max-age': '86400',
    vary: 'access-control-request-headers',
  });
  response.end();
}
