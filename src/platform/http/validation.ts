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

function refuse([first]: ValidationError[]): InvalidRequestError {
  const [reason] = Object.values(first?.constraints ?? {});
  return new InvalidRequestError(`${reason ?? 'The request is not valid'}.`, first?.property ?? null, 'invalid_value');
}
