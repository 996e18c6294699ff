import type { IncomingMessage, ServerResponse } from 'node:http';

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

/** Pages in browsers call the gateway from anywhere: what lets a caller in is a key, and no cookie ever does. */
export function allowEveryOrigin(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  response.setHeader('access-control-allow-origin', '*');
  if (request.method !== 'OPTIONS') {
    // Only browsers say where a request comes from, and ask which headers a page may read.
    if (request.headers.origin !== undefined) response.setHeader('access-control-expose-headers', EXPOSED);
    next();
    return;
  }
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    // SDKs send a dozen `x-stainless-*` headers, which only a reflection can list.
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? 'authorization, content-type',
    'access-control-max-age': '86400',
    vary: 'access-control-request-headers',
  });
  response.end();
}
