import { GatewayError } from './gateway-error.js';

/** The request itself is at fault, and the same request would be again. */
export class InvalidRequestError extends GatewayError {
  override readonly name = 'InvalidRequestError';
  readonly kind = 'invalid_request';

  constructor(
    message: string,
    override readonly param: string | null = null,
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

/** The client went away before the reply was whole. */
export class ClientGoneError extends GatewayError {
  override readonly name = 'ClientGoneError';
  readonly kind = 'cancelled';
  readonly code = 'client_closed_request';

  constructor() {
    super('The client closed the connection.');
  }
}

/** What the request is about does not exist, or not for this caller. */
export class NotFoundError extends GatewayError {
  override readonly name = 'NotFoundError';
  readonly kind = 'not_found';
  readonly code = 'not_found';
}
