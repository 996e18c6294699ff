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

const SQLSTATE = /^[0-9A-Z]{5}$/;
/**
 * What waiting cures: connection (08), transaction that collided (40), resources (53), lock not available, somebody's
 * intervention such as a shutdown or a timeout (57), disk (58), a server that only reads while another takes over.
 */
const PASSING = /^(?:08|40|53|57|58)|^(?:55P03|25006)$/;

/** Whether a failed query was refused, or only found nobody to answer it. The status decides where there is no SQLSTATE. */
export function isAbsence(status: number, code = ''): boolean {
  if (SQLSTATE.test(code)) return PASSING.test(code);
  return status === 0 || status >= 500 || status === 408 || status === 429;
}
