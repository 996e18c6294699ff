import { Controller, Get, Param, ParseUUIDPipe, Patch, Query } from '@nestjs/common';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION, VALIDATION } from '../../platform/http/validation.js';
import { AdminOnly } from '../access.js';
import { viewAccount } from '../account-view.js';
import type { Actor } from '../api-key-settings.js';
import { CurrentActor } from '../current-caller.js';
import { AdministrationService } from '../services/administration.service.js';
import { ChangeUserBody, ListAuditLogsQuery, ListUsersQuery } from './administration.queries.js';

const PAGE = 50;

@AdminOnly()
@Controller('admin')
export class AdministrationController {
  constructor(private readonly administration: AdministrationService) {}

  @Get('users')
  async users(@Query(VALIDATION) query: ListUsersQuery): Promise<object> {
    const { q, limit = PAGE, offset = 0 } = query;
    const found = await this.administration.accounts({ q, limit: limit + 1, offset });
    return { object: 'list', data: found.slice(0, limit).map(viewAccount), has_more: found.length > limit };
  }

  @Patch('users/:id')
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @JsonBody(STRICT_VALIDATION) body: ChangeUserBody,
  ): Promise<object> {
    return viewAccount(await this.administration.change(actor, id, body));
  }

  @Get('audit-logs')
  async auditLogs(@Query(VALIDATION) query: ListAuditLogsQuery): Promise<object> {
    const { user_id: userId, action, resource, since, until, after: before, limit = PAGE } = query;
    const range = { userId, action, resource, since, until, before };
    const found = await this.administration.auditLog({ ...range, limit: limit + 1 });
    const data = found.slice(0, limit);
    const hasMore = found.length > limit;
    return { object: 'list', data, has_more: hasMore, next: hasMore ? (data.at(-1)?.id ?? null) : null };
  }
}
