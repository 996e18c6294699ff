import { GatewayError } from '../errors/gateway-error.js';

/** The database does not answer: it is starting, away, or too slow. Waiting helps. */
export class DatabaseUnavailableError extends GatewayError {
  override readonly name = 'DatabaseUnavailableError';
  readonly kind = 'unavailable';
  readonly code = 'service_unavailable';
  override readonly headers = { 'retry-after': '1' };

  constructor(options?: ErrorOptions) {
    super('The database is not available at the moment.', options);
  }
}

/** The database refused a query. The reason is for the log. */
export class DatabaseError extends GatewayError {
  override readonly name = 'DatabaseError';
  readonly kind = 'internal';
  readonly code = 'internal_error';

  constructor(
    /** The SQLSTATE, or PostgREST's own code. */
    readonly sqlState: string,
    reason: string,
  ) {
    super('The database refused a query.', { cause: new Error(`${sqlState} ${reason}`) });
  }
}
