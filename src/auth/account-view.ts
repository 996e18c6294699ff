import type { Account } from './account.js';
import type { Login } from './services/login.service.js';

export function viewAccount({ id, email, role, credits, creditLine, createdAt }: Account): object {
  return { object: 'user', id, email, role, credits, credit_line: creditLine, created_at: createdAt };
}

export function viewLogin({ account, tokens }: Login): object {
  return {
    object: 'session',
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: 'bearer',
    expires_in: tokens.expiresInSeconds,
    user: viewAccount(account),
  };
}
