import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { AuthenticationError } from './auth-errors.js';
import type { Caller } from './caller.js';

declare module 'http' {
  interface IncomingMessage {
    caller?: Caller;
  }
}

/** The caller that the guard let in. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<IncomingMessage>();
  if (!caller) throw new AuthenticationError('missing_api_key');
  return caller;
});
