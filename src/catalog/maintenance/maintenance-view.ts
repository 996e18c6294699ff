import { nameOf, type MaintenanceWindow } from './maintenance-window.js';

/** What is planned, as administrators wrote it. */
export interface MaintenanceView {
  readonly id: string;
  readonly provider: string | null;
  readonly model: string | null;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string | null;
  readonly reason: string;
}

export function viewMaintenance(window: MaintenanceWindow): MaintenanceView {
  const { providerId = null, modelId = null, from, until, reason } = window;
  return {
    id: nameOf(window),
    provider: providerId,
    model: modelId,
    from: new Date(from).toISOString(),
    until: until === undefined ? null : new Date(until).toISOString(),
    reason,
  };
}
