import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { AuthenticationError } from './auth-errors.js';
import type { Caller } from './caller.js';

const CALLERS = new WeakMap<IncomingMessage, Caller>();

export function rememberCaller(request: IncomingMessage, caller: Caller): void {
  CALLERS.set(request, caller);
}

/** The caller that the guard let in. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = CALLERS.get(context.switchToHttp().getRequest<IncomingMessage>());
  if (!caller) throw new AuthenticationError('missing_api_key');
  return caller;
});
