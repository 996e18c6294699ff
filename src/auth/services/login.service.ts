import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { ENV, type Env } from '../../config/env.js';
import type { Account } from '../account.js';
import { AuthenticationError } from '../auth-errors.js';
import { SupabaseAuth } from '../persistence/supabase-auth.js';
import { UserRepository } from '../persistence/user.repository.js';
import type { Credentials, Tokens } from '../tokens.js';
import { AttemptLimiterService } from './attempt-limiter.service.js';
import { SessionService, type Session } from './session.service.js';

/** Whether an e-mail is known must not show in the time that an answer takes. */
const LEAST_MS = 400;

/** What a person gets for logging in. */
export interface Login {
  readonly account: Account;
  readonly tokens: Tokens;
}

/** Registers people, and logs them in and out. */
@Injectable()
export class LoginService {
  private readonly log = new Logger(LoginService.name);

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly people: SupabaseAuth,
    private readonly users: UserRepository,
    private readonly sessions: SessionService,
    private readonly limiter: AttemptLimiterService,
  ) {}

  /** Says nothing of whether the e-mail was known. @throws InvalidRequestError, TooManyAttemptsError */
  async register(credentials: Credentials, address: string): Promise<void> {
    await this.limiter.count('register', address);
    await inEqualTime(async () => {
      const userId = await this.people.signUp(credentials);
      if (userId) await this.users.register({ userId, address }, credentials.email, this.env.SIGNUP_CREDITS);
    });
  }

  /** @throws AuthenticationError, TooManyAttemptsError */
  async login(credentials: Credentials, address: string): Promise<Login> {
    await this.limiter.count('login', address);
    await this.limiter.count('login', credentials.email);
    return inEqualTime(async () => this.welcome(await this.people.signIn(credentials), address));
  }

  /** @throws AuthenticationError */
  async refresh(refreshToken: string, address: string): Promise<Login> {
    return this.welcome(await this.people.refresh(refreshToken), address);
  }

  async logout(session: Session): Promise<void> {
    await this.sessions.close(session);
    try {
      await this.people.signOut(session.token);
    } catch (error) {
      // Its access token is worth nothing here any more; its refresh token should not be either.
      this.log.warn({ err: error }, 'Supabase Auth did not end a session');
    }
  }

  async account(userId: string): Promise<Account> {
    const account = await this.users.find(userId);
    if (!account) throw new AuthenticationError('invalid_session');
    return account;
  }

  /** Also completes a registration that was cut short. */
  private async welcome(tokens: Tokens, address: string): Promise<Login> {
    const { userId, email, accessToken } = tokens;
    const account = await this.users.register({ userId, address }, email, this.env.SIGNUP_CREDITS);
    if (!account) throw new AuthenticationError('invalid_login');
    await this.sessions.open(accessToken, userId);
    return { account, tokens };
  }
}

async function inEqualTime<Value>(work: () => Promise<Value>): Promise<Value> {
  const [outcome] = await Promise.allSettled([work(), pause(LEAST_MS)]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
