/** What went wrong, in the gateway's words; `platform/http` maps each kind to a status. */
export type ErrorKind =
  | 'invalid_request'
  | 'unauthenticated'
  | 'insufficient_credits'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'too_large'
  | 'headers_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'cancelled'
  | 'internal'
  | 'upstream_failed'
  | 'upstream_timeout'
  | 'unavailable'
  | 'no_provider';

/** Every failure that a caller may be told of. The message is for the caller: it holds no secret and no stack. */
export abstract class GatewayError extends Error {
  abstract readonly kind: ErrorKind;
  /** The machine-readable reason, OpenAI's `code`. */
  abstract readonly code: string | null;
  /** The member of the request that is at fault, OpenAI's `param`. */
  readonly param: string | null = null;
  /** OpenAI's `type`, where it is not the one that the kind stands for. */
  readonly type: string | undefined = undefined;
  /** What the reply carries besides, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>> = {};
}
