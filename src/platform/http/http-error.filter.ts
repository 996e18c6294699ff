import {
  Catch,
  HttpException,
  Injectable,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../errors/gateway-error.js';
import { InvalidRequestError } from '../errors/request-errors.js';
import { describeError, errorBody } from './error-description.js';
import { recordOf } from './request-record.js';
import { RouteTable } from './route-table.js';
import { refuseUnknownRoute } from './unknown-route.js';

/** The one place where an error becomes an answer. One that is our own fault is logged here, once, with its stack. */
@Catch()
@Injectable()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(HttpErrorFilter.name);

  constructor(private readonly routes: RouteTable) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    this.answer(this.inOurWords(thrown, request), request, http.getResponse<ServerResponse>());
  }

  /** The same for who handles requests without Nest. */
  answer(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    const record = recordOf(request);
    record.exception = error instanceof Error ? error.constructor.name : typeof error;
    if (isOurFault(error)) this.log.error({ err: error, request_id: record.id }, 'a request failed by our own fault');

    const description = describeError(error);
    if (description.code) record.notes['error_code'] = description.code;
    // A reply that has begun cannot change its status. Its own writer reports what it can; what arrives here must not
    // look like an end.
    if (response.headersSent) response.destroy();
    if (response.destroyed) return;
    const body = JSON.stringify(errorBody(description, record.id));
    response.writeHead(description.status, {
      ...description.headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }

  /** Our own code throws GatewayErrors; what Nest throws by itself is a 404, or a path that cannot be decoded. */
  private inOurWords(thrown: unknown, request: Request): unknown {
    if (thrown instanceof NotFoundException) return refuseUnknownRoute(this.routes, request);
    if (thrown instanceof HttpException && thrown.getStatus() < 500) return new InvalidRequestError(thrown.message);
    return thrown;
  }
}

/** What the caller is told says nothing of the reason, so the log has to. */
function isOurFault(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.kind === 'internal';
}
