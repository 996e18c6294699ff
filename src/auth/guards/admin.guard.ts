import { Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { PermissionError } from '../auth-errors.js';

@Injectable()
class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { caller } = context.switchToHttp().getRequest<IncomingMessage>();
    if (!caller?.isAdmin) throw new PermissionError('admin_required');
    return true;
  }
}

/** Only administrators come in here. */
export const AdminOnly = () => UseGuards(AdminGuard);
