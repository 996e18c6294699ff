import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { SUPABASE_BACKEND, type SupabaseBackend } from '../../platform/database/supabase-backend.js';
import { AuthenticationError } from '../auth-errors.js';
import type { User } from '../caller.js';
import { SessionStore } from '../persistence/session-store.js';
import { UserRepository } from '../persistence/user.repository.js';

/** Somebody who logged in. */
export interface Session extends User {
  readonly sessionId: string;
  readonly token: string;
}

/** Knows the access tokens of people who logged in: their signatures are checked here, and whether they logged out. */
@Injectable()
export class SessionService {
  private readonly secret: Uint8Array | undefined;
  private publishedKeys: ReturnType<typeof createRemoteJWKSet> | undefined;

  constructor(
    @Inject(SUPABASE_BACKEND) { jwtSecret }: SupabaseBackend,
    private readonly database: DatabaseService,
    private readonly sessions: SessionStore,
    private readonly users: UserRepository,
  ) {
    this.secret = jwtSecret === undefined ? undefined : new TextEncoder().encode(jwtSecret);
  }

  /** @throws AuthenticationError, DatabaseUnavailableError, RedisUnavailableError */
  async authenticate(token: string): Promise<Session> {
    const { sub, session_id: sessionId } = await this.verify(token);
    if (sub === undefined || typeof sessionId !== 'string') throw new AuthenticationError('invalid_session');
    if ((await this.sessions.userOf(sessionId)) !== sub) throw new AuthenticationError('invalid_session');
    const account = await this.users.find(sub);
    if (!account) throw new AuthenticationError('invalid_session');
    return { userId: sub, isAdmin: account.role === 'admin', sessionId, token };
  }

  /** Remembers that the owner of a fresh token is logged in. */
  async open(token: string, userId: string): Promise<void> {
    const { session_id: sessionId } = await this.verify(token);
    if (typeof sessionId === 'string') await this.sessions.open(sessionId, userId);
  }

  async close({ sessionId }: Session): Promise<void> {
    await this.sessions.close(sessionId);
  }

  private async verify(token: string): Promise<JWTPayload> {
    try {
      const options = { audience: 'authenticated' };
      const { payload } = this.secret
        ? await jwtVerify(token, this.secret, options)
        : await jwtVerify(token, this.keys(), options);
      return payload;
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      throw new AuthenticationError('invalid_session');
    }
  }

  /** Fetched once, and again when a token names another key. */
  private keys(): ReturnType<typeof createRemoteJWKSet> {
    const { url } = this.database;
    if (url === undefined) throw new DatabaseUnavailableError();
    this.publishedKeys ??= createRemoteJWKSet(new URL('/auth/v1/.well-known/jwks.json', url));
    return this.publishedKeys;
  }
}
