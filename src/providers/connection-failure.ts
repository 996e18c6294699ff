import { ClientGoneError } from '../platform/errors/request-errors.js';
import { UpstreamConnectError, UpstreamCutError, UpstreamError } from './upstream-errors.js';

const CONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What ended an exchange: an error of ours passes through, one of the connection tells how far we got. */
export function asUpstreamFailure(error: Error, providerId: string): Error {
  if (error instanceof UpstreamError || error instanceof ClientGoneError) return error;
  const isConnect = 'code' in error && CONNECT_CODES.has(String(error.code));
  return isConnect
    ? new UpstreamConnectError(providerId, { cause: error })
    : new UpstreamCutError(providerId, { cause: error });
}
