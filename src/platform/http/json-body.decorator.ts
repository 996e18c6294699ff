import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { readJsonBody } from './json-body.js';

/** Settings and commands are small; only model calls carry much. */
const LIMIT_BYTES = 256 * 1024;

/** The request's JSON body, for routes that take a small one. With `VALIDATION` it is checked against its class. */
export const JsonBody = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<object> => {
  const { value } = await readJsonBody(context.switchToHttp().getRequest<IncomingMessage>(), LIMIT_BYTES);
  return value;
});
