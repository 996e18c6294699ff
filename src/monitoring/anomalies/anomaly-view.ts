import type { AnomalyRow } from '../../platform/database/database-rows.js';

export function viewAnomaly(row: AnomalyRow): object {
  const { id, type, severity, measure, explanation, value, expected, score } = row;
  return {
    id,
    object: 'anomaly',
    type,
    severity,
    measure,
    explanation,
    provider: row.provider_id,
    model: row.model_id,
    api_key_id: row.api_key_id,
    value,
    expected,
    score,
    state: row.ended_at === null ? 'open' : 'ended',
    started_at: row.started_at,
    last_seen_at: row.last_seen_at,
    ended_at: row.ended_at,
  };
}
