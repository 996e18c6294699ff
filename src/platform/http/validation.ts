import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { InvalidRequestError } from '../errors/request-errors.js';

/**
 * Checks what a route takes against its class, and drops what the class does not name. A route asks for it with
 * `@UsePipes`: model calls check the little they rely on themselves, because Nest would run a global pipe for them too.
 */
export const VALIDATION = new ValidationPipe({
  transform: true,
  whitelist: true,
  // `@JsonBody()` is one.
  validateCustomDecorators: true,
  exceptionFactory: refuse,
});

/** The first thing that is wrong, in the words of its rule, and where. */
export function firstFault(errors: readonly ValidationError[]): { readonly reason: string; readonly path: string } {
  let [error] = errors;
  const path = [error?.property];
  while (error?.children?.[0]) {
    [error] = error.children;
    path.push(error?.property);
  }
  const [reason = 'The request is not valid'] = Object.values(error?.constraints ?? {});
  return { reason: `${reason}.`, path: path.join('.') };
}

function refuse(errors: ValidationError[]): InvalidRequestError {
  const { reason, path } = firstFault(errors);
  return new InvalidRequestError(reason, path, 'invalid_value');
}

/** For what changes something: a member that would be ignored is a mistake of its sender. */
export const STRICT_VALIDATION = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  validateCustomDecorators: true,
  exceptionFactory: refuse,
});
