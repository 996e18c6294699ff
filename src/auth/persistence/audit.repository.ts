import { Injectable } from '@nestjs/common';
import type { Actor } from '../api-key-settings.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { AuditRow } from '../../platform/database/database-rows.js';

/** Which part of the log, newest first. */
export interface AuditPage {
  readonly userId: string | undefined;
  readonly action: string | undefined;
  readonly resource: string | undefined;
  /** ISO 8601. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Only what came before this entry. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** What was done, and to what. */
export interface AuditEntry {
  /** As in `circuit_breaker.reset`. */
  readonly action: string;
  /** As in `provider:groq`. */
  readonly resource: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

@Injectable()
export class AuditRepository {
  constructor(private readonly database: DatabaseService) {}

  async list(page: AuditPage): Promise<AuditRow[]> {
    return this.database.query({ table: 'audit_logs', operation: 'select' }, (client) => {
      let query = client.from('audit_logs').select('*');
      if (page.userId !== undefined) query = query.eq('user_id', page.userId);
      if (page.action !== undefined) query = query.eq('action', page.action);
      if (page.resource !== undefined) query = query.eq('resource', page.resource);
      if (page.since !== undefined) query = query.gte('timestamp', page.since);
      if (page.until !== undefined) query = query.lt('timestamp', page.until);
      if (page.before !== undefined) query = query.lt('id', page.before);
      return query.order('id', { ascending: false }).limit(page.limit);
    });
  }

  async add({ userId, address }: Actor, { action, resource, detail = {} }: AuditEntry): Promise<void> {
    await this.database.query({ table: 'audit_logs', operation: 'insert' }, (client) =>
      client.from('audit_logs').insert({ user_id: userId, action, resource, detail, address }),
    );
  }

  /** Deletes what is older than its retention; how many rows. */
  async applyRetention(): Promise<number> {
    return this.database.query({ table: 'audit_logs', operation: 'apply_retention' }, (client) =>
      client.rpc('apply_audit_retention'),
    );
  }
}
