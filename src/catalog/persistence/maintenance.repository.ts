import { Injectable } from '@nestjs/common';
import type { Actor } from '../../auth/api-key-settings.js';
import type { MaintenanceRow } from '../../platform/database/database-rows.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { MaintenanceScope, MaintenanceWindow } from '../maintenance/maintenance-window.js';

/** What is planned. Changes write the audit log in the same step. */
@Injectable()
export class MaintenanceRepository {
  constructor(private readonly database: DatabaseService) {}

  async list(): Promise<MaintenanceWindow[]> {
    const rows = await this.database.query({ table: 'maintenance', operation: 'list' }, (client) =>
      client.from('maintenance').select('*'),
    );
    return rows.map(windowOf);
  }

  /** Replaces what was planned for the same scope. */
  async keep({ userId, address }: Actor, window: MaintenanceWindow): Promise<void> {
    const { providerId = '', modelId = '', from, until, reason } = window;
    await this.database.query({ table: 'maintenance', operation: 'keep_maintenance' }, (client) =>
      client.rpc('keep_maintenance', {
        provider: providerId,
        model: modelId,
        starts: new Date(from).toISOString(),
        ends: until === undefined ? null : new Date(until).toISOString(),
        why: reason,
        actor: userId,
        address,
      }),
    );
  }

  /** False when there was none. */
  async end({ userId, address }: Actor, { providerId = '', modelId = '' }: MaintenanceScope): Promise<boolean> {
    return this.database.query({ table: 'maintenance', operation: 'end_maintenance' }, (client) =>
      client.rpc('end_maintenance', { provider: providerId, model: modelId, actor: userId, address }),
    );
  }
}

function windowOf(row: MaintenanceRow): MaintenanceWindow {
  return {
    providerId: row.provider_id || undefined,
    modelId: row.model_id || undefined,
    from: Date.parse(row.starts_at),
    until: row.ends_at === null ? undefined : Date.parse(row.ends_at),
    reason: row.reason,
  };
}
