import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { IncomingMessage } from 'node:http';
import type { Actor } from './api-key-settings.js';
import { AuthenticationError } from './auth-errors.js';
import type { Caller, User } from './caller.js';
import type { KeyManager } from './key-rights.js';
import type { Session } from './services/session.service.js';

declare module 'http' {
  interface IncomingMessage {
    /** Present for API keys. */
    caller?: Caller;
    /** Present for sessions. */
    session?: Session;
    /** Present for both. */
    user?: User;
  }
}

const request = (context: ExecutionContext): Request => context.switchToHttp().getRequest<Request>();

/** The API key that the guard let in, and whose it is. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return callerOf(request(context));
});

/** The same for who has only the request. */
export function callerOf({ caller }: IncomingMessage): Caller {
  if (!caller) throw new AuthenticationError('missing_api_key');
  return caller;
}

/** Whoever the guard let in, by a key or a session. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): User => {
  const { user } = request(context);
  if (!user) throw new AuthenticationError('missing_api_key');
  return user;
});

/** Whoever the guard let in, if they said who they are. */
export const CurrentGuest = createParamDecorator((_: unknown, context: ExecutionContext): User | undefined => {
  return request(context).user;
});

/** Whoever the guard let in, and from where: for what is written down. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  return actorOf(request(context));
});

export function actorOf({ user, ip }: Request): Actor {
  if (!user) throw new AuthenticationError('missing_api_key');
  return { userId: user.userId, address: ip ?? '' };
}

/** Whoever the guard let in, for changes of keys. */
export const CurrentKeyManager = createParamDecorator((_: unknown, context: ExecutionContext): KeyManager => {
  const { user, caller } = request(context);
  if (!user) throw new AuthenticationError('missing_api_key');
  return { user, caller, actor: actorOf(request(context)) };
});

export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const { session } = request(context);
  if (!session) throw new AuthenticationError('invalid_session');
  return session;
});

/** From where a request comes, as far as `TRUST_PROXY` lets it be known. */
export const ClientAddress = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return request(context).ip ?? '';
});
