import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { AuditRow } from '../../platform/database/database-rows.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import type { Account } from '../account.js';
import type { Actor } from '../api-key-settings.js';
import { AuditRepository, type AuditPage } from '../persistence/audit.repository.js';
import { UserRepository, type AccountChanges, type AccountPage } from '../persistence/user.repository.js';

/** What administrators see and change of accounts, and who changed what. */
@Injectable()
export class AdministrationService {
  private readonly log = new Logger(AdministrationService.name);

  constructor(
    private readonly users: UserRepository,
    private readonly audit: AuditRepository,
    private readonly database: DatabaseService,
  ) {}

  accounts(page: AccountPage): Promise<Account[]> {
    return this.users.list(page);
  }

  /** @throws NotFoundError */
  async change(actor: Actor, id: string, changes: AccountChanges): Promise<Account> {
    const changed = await this.users.change(actor, id, changes);
    if (!changed) throw new NotFoundError('There is no such user.');
    return changed;
  }

  auditLog(page: AuditPage): Promise<AuditRow[]> {
    return this.audit.list(page);
  }

  @Cron(CronExpression.EVERY_DAY_AT_3AM)
  async applyRetention(): Promise<void> {
    if (this.database.state !== 'up') return;
    try {
      await this.audit.applyRetention();
    } catch (error) {
      this.log.warn({ err: error }, 'retention could not be applied to the audit log');
    }
  }
}
