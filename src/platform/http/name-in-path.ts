import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** What stands for `*id` in the path of a route: the names of models have slashes, written as they are or as `%2F`. */
export const NameInPath = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { id = '' } = context.switchToHttp().getRequest<Request>().params;
  return Array.isArray(id) ? id.join('/') : id;
});
