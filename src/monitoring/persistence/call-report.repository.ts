import { Injectable } from '@nestjs/common';
import type {
  CallReportRow,
  CostReportRow,
  FailedAttemptRow,
  LatencyBucketRow,
} from '../../platform/database/report-rows.js';
import { DatabaseService } from '../../platform/database/database.service.js';

/** Milliseconds since 1970; the second is the first that is not meant any more. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ReportQuestion extends Span {
  readonly provider?: string;
  readonly model?: string;
  readonly groupBy: 'hour' | 'day' | 'provider' | 'model' | 'offer' | 'all';
}

export interface OfferQuestion extends Span {
  readonly provider: string;
  readonly model: string;
}

@Injectable()
export class CallReportRepository {
  constructor(private readonly database: DatabaseService) {}

  /** @throws DatabaseUnavailableError */
  report({ provider, model, groupBy, ...span }: ReportQuestion): Promise<CallReportRow[]> {
    return this.database.query({ table: 'user_transactions', operation: 'call_report' }, (client) =>
      client.rpc('call_report', {
        ...timesOf(span),
        for_provider: provider ?? null,
        for_model: model ?? null,
        grouped_by: groupBy,
      }),
    );
  }

  /** By provider and by model, the dearest first, and by day. @throws DatabaseUnavailableError */
  costs(span: Span): Promise<CostReportRow[]> {
    return this.database.query({ table: 'user_transactions', operation: 'cost_report' }, (client) =>
      client.rpc('cost_report', timesOf(span)),
    );
  }

  /** Completed calls by how long they took, between ascending bounds. @throws DatabaseUnavailableError */
  histogram({ provider, model, ...span }: OfferQuestion, boundsMs: readonly number[]): Promise<LatencyBucketRow[]> {
    return this.database.query({ table: 'user_transactions', operation: 'latency_histogram' }, (client) =>
      client.rpc('latency_histogram', {
        ...timesOf(span),
        for_provider: provider,
        for_model: model,
        bounds_ms: boundsMs,
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

function timesOf({ from, to }: Span): { from_time: string; to_time: string } {
  return { from_time: new Date(from).toISOString(), to_time: new Date(to).toISOString() };
}
