import { GatewayError } from '../platform/errors/gateway-error.js';

type AuthenticationCode =
  | 'missing_api_key'
  | 'invalid_api_key'
  | 'api_key_expired'
  | 'api_key_revoked'
  | 'invalid_session'
  | 'invalid_login'
  | 'email_not_confirmed';

const MESSAGES: Record<AuthenticationCode, string> = {
  missing_api_key: 'Send your API key as "Authorization: Bearer gw_live_…" or as x-api-key.',
  invalid_api_key: 'This API key is not valid.',
  api_key_expired: 'This API key has expired.',
  api_key_revoked: 'This API key was revoked.',
  invalid_session: 'This session has ended. Log in again.',
  invalid_login: 'The e-mail or the password is wrong.',
  email_not_confirmed: 'Confirm your e-mail first: the link was sent to you.',
};

/** There is no credential, or a presented one is not good: never treated as anonymous. */
export class AuthenticationError extends GatewayError {
  override readonly name = 'AuthenticationError';
  readonly kind = 'unauthenticated';

  constructor(readonly code: AuthenticationCode) {
    super(MESSAGES[code]);
  }
}

type PermissionCode = 'ip_not_allowed' | 'model_not_allowed' | 'scope_missing' | 'key_restricted' | 'admin_required';

const REFUSALS: Record<PermissionCode, string> = {
  ip_not_allowed: 'This API key may not be used from this address.',
  model_not_allowed: 'This API key may not use this model.',
  scope_missing: 'This API key has no scope for this.',
  key_restricted: 'This API key is restricted, so it may not manage keys.',
  admin_required: 'Only administrators may do this.',
};

/** The credential is good, and does not allow this. */
export class PermissionError extends GatewayError {
  override readonly name = 'PermissionError';
  readonly kind = 'forbidden';

  constructor(
    readonly code: PermissionCode,
    override readonly param: string | null = null,
  ) {
    super(REFUSALS[code]);
  }
}
