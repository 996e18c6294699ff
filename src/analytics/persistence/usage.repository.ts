import { Injectable } from '@nestjs/common';
import type { UsageReportRow } from '../../platform/database/database-rows.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { UsageQuestion } from '../usage-report.js';

@Injectable()
export class UsageRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Sums up minutes that are due, at most so many; how many that were. @throws DatabaseUnavailableError */
  async aggregate(most: number): Promise<number> {
    return this.database.query({ table: 'usage_minutes', operation: 'aggregate_usage' }, (client) =>
      client.rpc('aggregate_usage', { most }),
    );
  }

  /** At most so many groups: by time, or the dearest first. @throws DatabaseUnavailableError */
  async report({ userId, from, to, groupBy }: UsageQuestion, most: number): Promise<UsageReportRow[]> {
    return this.database.query({ table: 'usage_minutes', operation: 'usage_report' }, (client) =>
      client.rpc('usage_report', {
        for_user: userId ?? null,
        from_time: from.toISOString(),
        to_time: to.toISOString(),
        grouped_by: groupBy,
        page: most,
      }),
    );
  }
}
