import { Catch, HttpException, Injectable, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { GatewayError } from '../errors/gateway-error.js';
import { describeError, errorBody } from './error-description.js';
import { recordOf } from './request-record.js';
import { RouteTable } from './route-table.js';
import { refuseUnknownRoute } from './unknown-route.js';

/** The one place where an error becomes an answer. An unforeseen error is logged here, once, with its stack. */
@Catch()
@Injectable()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(HttpErrorFilter.name);

  constructor(private readonly routes: RouteTable) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const record = recordOf(request);
    // Our own code throws GatewayErrors; Nest's 404 means that no route matched.
    const error = thrown instanceof NotFoundException ? refuseUnknownRoute(this.routes, request) : thrown;
    record.exception = error instanceof Error ? error.constructor.name : typeof error;
    const isForeseen = error instanceof GatewayError || error instanceof HttpException;
    if (!isForeseen) this.log.error({ err: error, request_id: record.id }, 'unforeseen error');

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
}
