import type { Request } from 'express';
import { GatewayError } from '../errors/gateway-error.js';
import type { RouteTable } from './route-table.js';

export class RouteNotFoundError extends GatewayError {
  override readonly name = 'RouteNotFoundError';
  readonly kind = 'not_found';
  readonly code = 'not_found';
}

export class MethodNotAllowedError extends GatewayError {
  override readonly name = 'MethodNotAllowedError';
  readonly kind = 'method_not_allowed';
  readonly code = 'method_not_allowed';
  override readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, allowed: readonly string[]) {
    super(message);
    this.headers = { allow: allowed.join(', ') };
  }
}

/** What a path without a route, or a route without that method, is refused with. */
export function refuseUnknownRoute(routes: RouteTable, request: Pick<Request, 'method' | 'path'>): GatewayError {
  const allowed = routes.methodsOf(request.path);
  if (allowed.length === 0) return new RouteNotFoundError(`There is no ${request.path} here.`);
  return new MethodNotAllowedError(`${request.path} takes ${allowed.join(', ')}, not ${request.method}.`, allowed);
}
