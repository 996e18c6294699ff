import { Injectable, Logger } from '@nestjs/common';
import { DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import type { Actor } from '../api-key-settings.js';
import { AuditRepository, type AuditEntry } from '../persistence/audit.repository.js';

/** Writes down who did what, for changes that are not made in the database, where it would be written beside them. */
@Injectable()
export class AuditService {
  private readonly log = new Logger(AuditService.name);

  constructor(private readonly repository: AuditRepository) {}

  /** What was done is done: while the database is away the note is in the log instead. */
  async note(actor: Actor, note: AuditEntry): Promise<void> {
    try {
      await this.repository.add(actor, note);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      this.log.error({ ...note, userId: actor.userId, address: actor.address }, 'not in the audit log');
    }
  }
}
