import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExpressResponse } from './express-messages.js';
import { HttpMetrics } from './http.metrics.js';
import { RequestLog } from './request-log.js';
import { openRecord, type RequestRecord } from './request-record.js';
import { RouteTable } from './route-table.js';

/** Nginx's number for a client that left before its reply was whole; logged and counted, never sent. */
const CLIENT_CLOSED_REQUEST = 499;

const KNOWN_METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

/** Names each request, and once it is over counts it and writes its one line into the log. */
@Injectable()
export class RequestObserver {
  constructor(
    private readonly metrics: HttpMetrics,
    private readonly routes: RouteTable,
    private readonly log: RequestLog,
  ) {}

  observe(request: IncomingMessage, response: ExpressResponse): void {
    const record = openRecord(request);
    const method = KNOWN_METHODS.has(request.method ?? '') ? (request.method ?? '') : 'OTHER';
    const path = this.routes.templateOf(pathOf(request.url ?? '/'));
    response.announce({ 'x-request-id': record.id });
    this.metrics.begin(method, path);
    const sentBefore = request.socket.bytesWritten;
    response.once('close', () => {
      const responseBytes = request.socket.bytesWritten - sentBefore;
      this.conclude(record, { method, path, request, response, responseBytes });
    });
  }

  private conclude(record: RequestRecord, exchange: Exchange): void {
    const { method, path, request, response, responseBytes } = exchange;
    const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
    const milliseconds = performance.now() - record.startedAt;
    this.metrics.end({
      method,
      path,
      status,
      seconds: milliseconds / 1000,
      requestBytes: Number(request.headers['content-length'] ?? 0),
      responseBytes,
      exception: record.exception,
      traceId: record.traceId,
    });
    const ms = Math.round(milliseconds * 10) / 10;
    this.log.write({ request_id: record.id, method, path, status, ms, ...record.notes });
  }
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly responseBytes: number;
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
