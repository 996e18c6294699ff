import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors/gateway-error.js';
import { ClientGoneError, InvalidRequestError } from '../errors/request-errors.js';
import { JsonDocument, NotAJsonObjectError, parseJson } from '../json/json-document.js';
import { joinedPieces } from '../memory/joined-pieces.js';

/** How long the rest of a refused body is thrown away, so that a client that is still sending reads the answer. */
const DISCARD_MS = 10_000;

export class BodyTooLargeError extends GatewayError {
  override readonly name = 'BodyTooLargeError';
  readonly kind = 'too_large';
  readonly code = 'request_too_large';

  constructor(limitBytes: number) {
    super(`The request body may hold ${limitBytes} bytes at most.`);
  }
}

export class UnsupportedMediaTypeError extends GatewayError {
  override readonly name = 'UnsupportedMediaTypeError';
  readonly kind = 'unsupported_media_type';
  readonly code = 'unsupported_media_type';
}

/**
 * Reads a request's JSON body whole, which must be an object.
 * @throws UnsupportedMediaTypeError, BodyTooLargeError, InvalidRequestError, ClientGoneError
 */
export function readJsonBody(request: IncomingMessage, limitBytes: number): Promise<JsonDocument> {
  return readJson(request, limitBytes, (bytes) => JsonDocument.parse(bytes));
}

/** The same for any JSON. */
export function readJsonValue(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  return readJson(request, limitBytes, (bytes) => parseJson(bytes.toString('utf8')));
}

async function readJson<Json>(
  request: IncomingMessage,
  limitBytes: number,
  parse: (bytes: Buffer) => Json,
): Promise<Json> {
  refuseOtherMedia(request);
  const bytes = await readBytes(request, limitBytes);
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof NotAJsonObjectError)) throw error;
    throw new InvalidRequestError(`The request body is ${error.message}.`, null, 'invalid_json');
  }
}

function refuseOtherMedia(request: IncomingMessage): void {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    discard(request);
    throw new UnsupportedMediaTypeError('The request body must be sent as content-type: application/json.');
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    discard(request);
    throw new UnsupportedMediaTypeError('The request body must be sent without content-encoding.');
  }
}

function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    discard(request);
    return Promise.reject(new BodyTooLargeError(limitBytes));
  }
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const collect = (piece: Buffer): void => {
      size += piece.length;
      if (size <= limitBytes) {
        pieces.push(piece);
        return;
      }
      request.off('data', collect);
      discard(request);
      reject(new BodyTooLargeError(limitBytes));
    };
    request.on('data', collect);
    request.once('end', () => {
      resolve(joinedPieces(pieces, size));
    });
    request.once('close', () => {
      if (!request.complete) reject(new ClientGoneError());
    });
  });
}

function discard(request: IncomingMessage): void {
  request.resume();
  const impatience = setTimeout(() => request.destroy(), DISCARD_MS).unref();
  request.once('close', () => {
    clearTimeout(impatience);
  });
}
