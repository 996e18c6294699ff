import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What the gateway remembers of one HTTP request while it lasts. */
export interface RequestRecord {
  readonly id: string;
  /** By which its caller's own tracing knows it (W3C `traceparent`); the id where it has none. */
  readonly traceId: string;
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

/** Version, trace, span and flags, of which only the trace matters here; all zeroes are no trace. */
const TRACE_PARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

export function openRecord(request: IncomingMessage): RequestRecord {
  const id = `req_${randomUUID()}`;
  const { traceparent } = request.headers;
  const told = typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent)?.[1] : undefined;
  const notes = told === undefined ? {} : { trace_id: told };
  const record: RequestRecord = { id, traceId: told ?? id, startedAt: performance.now(), notes };
  request.gatewayRecord = record;
  return record;
}

export function recordOf(request: IncomingMessage): RequestRecord {
  return request.gatewayRecord ?? openRecord(request);
}
