import { GatewayError, type ErrorKind } from '../errors/gateway-error.js';

/** An error as HTTP tells it; `type`, `code` and `param` are OpenAI's. */
export interface ErrorDescription {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** HTTP lives in this table; a kind without a row does not compile. `retry: false` tells SDKs not to try again. */
const ANSWERS: Record<ErrorKind, { status: number; type: string; retry?: false }> = {
  invalid_request: { status: 400, type: 'invalid_request_error' },
  unauthenticated: { status: 401, type: 'authentication_error' },
  insufficient_credits: { status: 402, type: 'insufficient_credits', retry: false },
  forbidden: { status: 403, type: 'permission_error', retry: false },
  not_found: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  conflict: { status: 409, type: 'invalid_request_error', retry: false },
  too_large: { status: 413, type: 'request_too_large' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  rate_limited: { status: 429, type: 'rate_limit_error' },
  headers_too_large: { status: 431, type: 'invalid_request_error' },
  // Nobody reads it any more; it is for the log and the metrics.
  cancelled: { status: 499, type: 'request_cancelled' },
  internal: { status: 500, type: 'internal_error' },
  upstream_failed: { status: 502, type: 'provider_error', retry: false },
  unavailable: { status: 503, type: 'service_unavailable' },
  no_provider: { status: 503, type: 'service_unavailable', retry: false },
  upstream_timeout: { status: 504, type: 'provider_timeout', retry: false },
};

/** What a caller may know of any thrown thing. An unforeseen one says nothing of itself. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof GatewayError) return describeGatewayError(error);
  return {
    status: 500,
    type: 'internal_error',
    code: 'internal_error',
    param: null,
    message: 'The gateway failed to handle this request. The request id finds it in our logs.',
    headers: {},
  };
}

export function errorBody(description: ErrorDescription, requestId: string): { error: Record<string, unknown> } {
  const { message, type, code, param } = description;
  return { error: { message, type, code, param, request_id: requestId } };
}

function describeGatewayError(error: GatewayError): ErrorDescription {
  const { status, type, retry } = ANSWERS[error.kind];
  return {
    status,
    type: error.type ?? type,
    code: error.code,
    param: error.param,
    message: error.message,
    headers: retry === false ? { ...error.headers, 'x-should-retry': 'false' } : error.headers,
  };
}
