import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { AnomalyRow, DueAlertRow } from '../../platform/database/database-rows.js';
import { LOOKBACK } from '../anomalies/baseline.js';
import type { Finding } from '../anomalies/detector.js';
import { nameOf, Series, type Point, type Subject } from '../anomalies/series.js';
import type { AnomalyQuery } from '../anomalies/anomaly-query.js';
import type { KeptAnomaly } from '../anomalies/kept-anomaly.js';

/** Who is told of what, and how soon again. */
export interface AlertRule {
  readonly channels: readonly string[];
  readonly least: string;
  readonly cooldownMs: number;
}

type SaidSeries = { readonly points: Point[] } & { readonly [Member in keyof Subject]: Subject[Member] | null };

@Injectable()
export class AnomalyRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Every series, with the points that its baseline needs. @throws DatabaseUnavailableError */
  async series(at: number): Promise<Series[]> {
    const text = await this.database.query({ table: 'usage_minutes', operation: 'usage_series' }, (client) =>
      client.rpc('usage_series', {
        at_time: new Date(at).toISOString(),
        recent_ms: LOOKBACK.recentMs,
        days: LOOKBACK.days,
        around_ms: LOOKBACK.aroundMs,
      }),
    );
    return (JSON.parse(text) as SaidSeries[]).map(({ points, kind, ...ids }) => {
      const { providerId, modelId, apiKeyId } = ids;
      const subject = {
        kind: kind ?? 'provider',
        providerId: providerId ?? undefined,
        modelId: modelId ?? undefined,
        apiKeyId: apiKeyId ?? undefined,
      };
      return new Series(subject, points);
    });
  }

  async open(): Promise<AnomalyRow[]> {
    return this.database.query({ table: 'anomalies', operation: 'select' }, (client) =>
      client.from('anomalies').select('*').is('ended_at', null).limit(1_000),
    );
  }

  async list(query: AnomalyQuery, most: number): Promise<AnomalyRow[]> {
    const { state, type, severity, provider, from, to, offset } = query;
    return this.database.query({ table: 'anomalies', operation: 'select' }, (client) => {
      let rows = client.from('anomalies').select('*');
      if (state === 'open') rows = rows.is('ended_at', null);
      if (state === 'ended') rows = rows.not('ended_at', 'is', null);
      if (type) rows = rows.eq('type', type);
      if (severity) rows = rows.eq('severity', severity);
      if (provider) rows = rows.eq('provider_id', provider);
      if (from) rows = rows.gte('started_at', from);
      if (to) rows = rows.lt('started_at', to);
      return rows.order('started_at', { ascending: false }).range(offset, offset + most - 1);
    });
  }

  /** What is new among what was found. @throws DatabaseUnavailableError */
  async keep(found: readonly Finding[], ended: readonly KeptAnomaly[], rule: AlertRule): Promise<KeptAnomaly[]> {
    return this.database.query({ table: 'anomalies', operation: 'keep_anomalies' }, (client) =>
      client.rpc('keep_anomalies', {
        findings: JSON.stringify(found.map(rowOf)),
        ended: JSON.stringify(ended),
        channels: [...rule.channels],
        least_severity: rule.least,
        cooldown_seconds: Math.round(rule.cooldownMs / 1000),
      }),
    );
  }

  async dueAlerts(most: number): Promise<DueAlertRow[]> {
    return this.database.query({ table: 'anomaly_alerts', operation: 'due_alerts' }, (client) =>
      client.rpc('due_alerts', { most }),
    );
  }

  /** Delivered, or to be tried again then; never again without a time. */
  async tried(alert: DueAlertRow, outcome: { isDelivered: boolean; nextTryAt: Date | undefined }): Promise<void> {
    const { anomaly_id, channel, event, tries } = alert;
    await this.database.query({ table: 'anomaly_alerts', operation: 'update' }, (client) =>
      client
        .from('anomaly_alerts')
        .update({
          tries: tries + 1,
          next_try_at: outcome.nextTryAt?.toISOString() ?? null,
          delivered_at: outcome.isDelivered ? new Date().toISOString() : null,
        })
        .match({ anomaly_id, channel, event })
        .select('anomaly_id'),
    );
  }
}

function rowOf({ series, measure, severity, value, expected, score, explanation, startedAt }: Finding): object {
  const { providerId = null, modelId = null, apiKeyId = null } = series.subject;
  return {
    series: nameOf(series.subject),
    measure: measure.name,
    type: measure.type,
    severity,
    provider_id: providerId,
    model_id: modelId,
    api_key_id: apiKeyId,
    value,
    expected,
    score,
    explanation,
    started_at: new Date(startedAt).toISOString(),
  };
}
