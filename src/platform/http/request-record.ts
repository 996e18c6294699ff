import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What the gateway remembers of one HTTP request while it lasts. */
export interface RequestRecord {
  readonly id: string;
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** Joins the request's line in the log: who called, which model, which provider. Never a secret. */
  readonly notes: Record<string, string | number | boolean | null>;
  /** When the caller was known, in the same milliseconds; absent on public routes. */
  authenticatedAt?: number;
  /** When the body was read and parsed. */
  parsedAt?: number;
  /** The class of the error that was answered, for `fastapi_exceptions_total`. */
  exception?: string;
}

declare module 'http' {
  interface IncomingMessage {
    // A property, because a WeakMap costs each request more than all that is kept in it.
    gatewayRecord?: RequestRecord;
  }
}

export function openRecord(request: IncomingMessage): RequestRecord {
  const record: RequestRecord = { id: `req_${randomUUID()}`, startedAt: performance.now(), notes: {} };
  request.gatewayRecord = record;
  return record;
}

export function recordOf(request: IncomingMessage): RequestRecord {
  return request.gatewayRecord ?? openRecord(request);
}
