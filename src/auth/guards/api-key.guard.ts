import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import { recordOf } from '../../platform/http/request-record.js';
import { AuthenticationError } from '../auth-errors.js';
import { IS_PUBLIC } from '../public.decorator.js';
import { ApiKeyService } from '../services/api-key.service.js';

/** Stands before every route that does not say `@Public()`. Costs no I/O once a key is known. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeyService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, targets)) return true;
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const presented = presentedKey(request);
    if (!presented) throw new AuthenticationError('missing_api_key');
    return this.letIn(request, presented);
  }

  private async letIn(request: IncomingMessage, presented: string): Promise<boolean> {
    const record = recordOf(request);
    const caller = await this.keys.authenticate(presented);
    record.notes['api_key_id'] = caller.apiKeyId;
    record.authenticatedAt = performance.now();
    request.caller = caller;
    return true;
  }
}

function presentedKey(request: IncomingMessage): string | undefined {
  const { authorization, 'x-api-key': header } = request.headers;
  const bearer = authorization?.match(/^Bearer\s+(\S+)\s*$/i)?.[1];
  // Anything presented counts: an unreadable credential is an invalid one, not a missing one.
  return bearer ?? (typeof header === 'string' && header !== '' ? header : undefined) ?? authorization;
}
