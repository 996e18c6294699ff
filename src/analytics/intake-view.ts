import { InvalidRequestError } from '../platform/errors/request-errors.js';
import { describeError, errorBody } from '../platform/http/error-description.js';

/** Why one of the events was not taken. */
export interface Rejection {
  /** Its place among those that were sent, from 0. */
  readonly index: number;
  readonly message: string;
}

/** How many events were taken and which were not. Where none was, it is an error as well. */
export function viewIntake(accepted: number, rejected: readonly Rejection[], requestId: string): object {
  if (accepted > 0) return { accepted, rejected };
  const error = new InvalidRequestError('No event was accepted.', 'events', 'invalid_value');
  return { ...errorBody(describeError(error), requestId), accepted, rejected };
}
