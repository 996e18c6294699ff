import { Injectable } from '@nestjs/common';
import type { AuthError, Session } from '@supabase/supabase-js';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { AuthenticationError } from '../auth-errors.js';
import type { Credentials, Tokens } from '../tokens.js';

/** The people that Supabase Auth knows. A password is only passed on to it, and kept nowhere else. */
@Injectable()
export class SupabaseAuth {
  constructor(private readonly database: DatabaseService) {}

  /** The id of the new person; undefined when the e-mail was known. @throws InvalidRequestError */
  async signUp(credentials: Credentials): Promise<string | undefined> {
    const { data, error } = await this.database.auth().signUp(credentials);
    if (error && error.code !== 'user_already_exists') throw refusal(error);
    const { user } = data;
    // A hosted Supabase answers for a known e-mail with somebody who does not exist.
    return user?.identities?.length === 0 ? undefined : user?.id;
  }

  /** @throws AuthenticationError */
  async signIn(credentials: Credentials): Promise<Tokens> {
    const { data, error } = await this.database.auth().signInWithPassword(credentials);
    if (error) throw refusal(error);
    return toTokens(data.session);
  }

  /** Each refresh token is good for once. @throws AuthenticationError */
  async refresh(refreshToken: string): Promise<Tokens> {
    const { data, error } = await this.database.auth().refreshSession({ refresh_token: refreshToken });
    if (error && isAway(error)) throw refusal(error);
    if (error || !data.session) throw new AuthenticationError('invalid_session');
    return toTokens(data.session);
  }

  /** Ends the session of an access token, and its refresh token. */
  async signOut(accessToken: string): Promise<void> {
    const { error } = await this.database.auth().admin.signOut(accessToken, 'local');
    if (error) throw refusal(error);
  }
}

function toTokens(session: Session): Tokens {
  const { access_token, refresh_token, expires_in, user } = session;
  return {
    userId: user.id,
    email: user.email ?? '',
    accessToken: access_token,
    refreshToken: refresh_token,
    expiresInSeconds: expires_in,
  };
}

function isAway({ status }: AuthError): boolean {
  return status === undefined || status === 0 || status >= 500;
}

function refusal(error: AuthError): Error {
  if (isAway(error)) return new DatabaseUnavailableError({ cause: error });
  if (error.code === 'weak_password') return new InvalidRequestError(error.message, 'password', 'weak_password');
  if (error.code === 'email_not_confirmed') return new AuthenticationError('email_not_confirmed');
  if (error.code === 'invalid_credentials') return new AuthenticationError('invalid_login');
  return new InvalidRequestError('Supabase Auth refuses this e-mail or password.', null, error.code ?? null);
}
