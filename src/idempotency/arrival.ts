import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../auth/caller.js';
import { InvalidRequestError } from '../platform/errors/request-errors.js';
import type { ExpressResponse } from '../platform/http/express-messages.js';
import type { RequestRecord } from '../platform/http/request-record.js';
import type { JsonDocument } from '../platform/json/json-document.js';
import type { Ticket } from './reply-store.js';

const KEY = /^[\x20-\x7e]{1,255}$/;

/** A request whose body has been read, and the way back. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ExpressResponse;
  readonly caller: Caller;
  readonly document: JsonDocument;
  readonly record: RequestRecord;
}

/** @throws InvalidRequestError */
export function readTicket({ request, caller, document }: Arrival): Ticket {
  const key = String(request.headers['idempotency-key'] ?? '');
  if (!KEY.test(key)) {
    const message = 'Idempotency-Key must have 1 to 255 printable ASCII characters.';
    throw new InvalidRequestError(message, 'Idempotency-Key', 'invalid_idempotency_key');
  }
  const [endpoint = ''] = (request.url ?? '').split('?', 1);
  return {
    // Two keys of one account do not share: what one may ask the other may not.
    id: createHash('sha256').update(`${caller.apiKeyId}\n${key}`).digest('hex'),
    fingerprint: createHash('sha256').update(`${endpoint}\n`).update(document.bytes).digest('hex'),
    owner: randomUUID(),
  };
}
