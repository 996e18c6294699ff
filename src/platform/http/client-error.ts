import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.js';
import { InvalidRequestError } from '../errors/request-errors.js';
import { describeError, errorBody } from './error-description.js';

class HeadersTooLargeError extends GatewayError {
  override readonly name = 'HeadersTooLargeError';
  readonly kind = 'headers_too_large';
  readonly code = 'headers_too_large';
}

/** Answers what Node could not even read as a request, in the same envelope as every other error. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const cause =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new HeadersTooLargeError('The request headers are too large.')
      : new InvalidRequestError('The request is not readable as HTTP.', null, 'malformed_http');
  const description = describeError(cause);
  const requestId = `req_${randomUUID()}`;
  const body = JSON.stringify(errorBody(description, requestId));
  socket.end(
    [
      `HTTP/1.1 ${description.status} Refused`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
