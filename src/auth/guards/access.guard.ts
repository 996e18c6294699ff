import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Eventually } from '../../platform/eventually.js';
import type { ExpressRequest } from '../../platform/http/express-messages.js';
import { recordOf } from '../../platform/http/request-record.js';
import { accessOf, type Access } from '../access.js';
import { holds } from '../allow-lists.js';
import { AuthenticationError, PermissionError } from '../auth-errors.js';
import type { Caller } from '../caller.js';
import { ApiKeyService } from '../services/api-key.service.js';
import { KeyUsageService } from '../services/key-usage.service.js';
import { SessionService } from '../services/session.service.js';

/** Stands before every route that does not say `@Public()`. Costs no I/O once a key is known. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly usage: KeyUsageService,
    private readonly sessions: SessionService,
  ) {}

  canActivate(context: ExecutionContext): Eventually<boolean> {
    return this.letIn(context.switchToHttp().getRequest<ExpressRequest>(), accessOf(context));
  }

  /** @throws AuthenticationError, PermissionError, DatabaseUnavailableError */
  letIn(request: ExpressRequest, access: Access): Eventually<boolean> {
    if (access.isPublic) return true;
    const presented = presentedCredential(request);
    if (!presented && access.allowsGuests) return true;
    if (!presented) throw new AuthenticationError('missing_api_key');
    const isSession = access.allowsSessions === true && !presented.startsWith('gw_');
    return isSession ? this.letUserIn(request, presented, access) : this.letKeyIn(request, presented, access);
  }

  private letKeyIn(request: ExpressRequest, presented: string, access: Access): Eventually<boolean> {
    const caller = this.keys.authenticate(presented);
    if (caller instanceof Promise) return caller.then((known) => this.admit(request, known, access));
    return this.admit(request, caller, access);
  }

  private admit(request: ExpressRequest, caller: Caller, access: Access): boolean {
    const record = recordOf(request);
    record.notes['api_key_id'] = caller.apiKeyId;
    if (access.scope && !caller.scopes.includes(access.scope)) throw new PermissionError('scope_missing');
    if (access.isForAdministrators && !caller.isAdmin) throw new PermissionError('admin_required');
    if (caller.allowedAddresses && !holds(caller.allowedAddresses, request.ip ?? '')) {
      throw new PermissionError('ip_not_allowed');
    }
    this.usage.used(caller.apiKeyId);
    record.authenticatedAt = performance.now();
    request.caller = caller;
    request.user = caller;
    return true;
  }

  private async letUserIn(request: ExpressRequest, token: string, access: Access): Promise<boolean> {
    const session = await this.sessions.authenticate(token);
    if (access.isForAdministrators && !session.isAdmin) throw new PermissionError('admin_required');
    request.user = session;
    request.session = session;
    return true;
  }
}

function presentedCredential(request: IncomingMessage): string | undefined {
  const { authorization, 'x-api-key': header } = request.headers;
  const bearer = authorization && bearerIn(authorization);
  // Anything presented counts: an unreadable credential is an invalid one, not a missing one.
  return bearer ?? (typeof header === 'string' && header !== '' ? header : undefined) ?? authorization;
}

function bearerIn(authorization: string): string | undefined {
  // As SDKs write it; an expression costs each call more than to look it up.
  if (authorization.startsWith('Bearer gw_') && !authorization.includes(' ', 7)) return authorization.slice(7);
  return /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
}
