import { GatewayError } from '../platform/errors/gateway-error.js';

type AuthenticationCode = 'missing_api_key' | 'invalid_api_key' | 'api_key_expired' | 'api_key_revoked';

const MESSAGES: Record<AuthenticationCode, string> = {
  missing_api_key: 'Send your API key as "Authorization: Bearer gw_live_…" or as x-api-key.',
  invalid_api_key: 'This API key is not valid.',
  api_key_expired: 'This API key has expired.',
  api_key_revoked: 'This API key was revoked.',
};

/** There is no credential, or a presented one is not good: never treated as anonymous. */
export class AuthenticationError extends GatewayError {
  override readonly name = 'AuthenticationError';
  readonly kind = 'unauthenticated';

  constructor(readonly code: AuthenticationCode) {
    super(MESSAGES[code]);
  }
}
