import { Injectable } from '@nestjs/common';
import type { CallReportRow, FailedAttemptRow } from '../../platform/database/database-rows.js';
import { DatabaseService } from '../../platform/database/database.service.js';

export interface ReportQuestion {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly provider?: string;
  readonly model?: string;
  readonly groupBy: 'hour' | 'day' | 'provider' | 'model' | 'offer' | 'all';
}

@Injectable()
export class CallReportRepository {
  constructor(private readonly database: DatabaseService) {}

  /** @throws DatabaseUnavailableError */
  report({ from, to, provider, model, groupBy }: ReportQuestion): Promise<CallReportRow[]> {
    return this.database.query({ table: 'user_transactions', operation: 'call_report' }, (client) =>
      client.rpc('call_report', {
        from_time: new Date(from).toISOString(),
        to_time: new Date(to).toISOString(),
        for_provider: provider ?? null,
        for_model: model ?? null,
        grouped_by: groupBy,
      }),
    );
  }

  /** The latest first. @throws DatabaseUnavailableError */
  failures(provider: string, from: number, page: { limit: number; offset: number }): Promise<FailedAttemptRow[]> {
    return this.database.query({ table: 'user_transactions', operation: 'failed_attempts' }, (client) =>
      client.rpc('failed_attempts', {
        for_provider: provider,
        from_time: new Date(from).toISOString(),
        page: page.limit,
        skipped: page.offset,
      }),
    );
  }
}
