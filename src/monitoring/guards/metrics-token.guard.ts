import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AuthenticationError } from '../../auth/auth-errors.js';
import { ENV, type Env } from '../../config/env.js';

/** Wants `METRICS_TOKEN` as a bearer token, where one is set. */
@Injectable()
export class MetricsTokenGuard implements CanActivate {
  constructor(@Inject(ENV) private readonly env: Env) {}

  canActivate(context: ExecutionContext): boolean {
    const { METRICS_TOKEN: token } = this.env;
    if (token === undefined) return true;
    const { authorization = '' } = context.switchToHttp().getRequest<IncomingMessage>().headers;
    // Hashes have the same length, so that comparing takes the same time for every guess.
    if (!timingSafeEqual(digest(authorization), digest(`Bearer ${token}`)))
      throw new AuthenticationError('invalid_api_key');
    return true;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
