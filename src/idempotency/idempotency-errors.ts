import { GatewayError } from '../platform/errors/gateway-error.js';

/** The key belongs to another request: sending this one again would not help. */
export class IdempotencyConflictError extends GatewayError {
  override readonly name = 'IdempotencyConflictError';
  readonly kind = 'conflict';
  readonly code = 'idempotency_conflict';

  constructor(
    message = 'This Idempotency-Key was used with another request. A key stands for one request and its retries.',
  ) {
    super(message);
  }
}

/** The first request with this key is still being answered, and its answer cannot be shared. Waiting helps. */
export class IdempotencyInProgressError extends GatewayError {
  override readonly name = 'IdempotencyInProgressError';
  readonly kind = 'unavailable';
  readonly code = 'idempotency_in_progress';
  override readonly headers = { 'retry-after': '1' };

  constructor() {
    super('The first request with this Idempotency-Key is still being answered.');
  }
}
