import { bestStatus, type ModelAvailability, type Status } from './offer-availability.js';

type Counts = Readonly<Record<Status | 'total', number>>;

/** How many are how. */
export interface AvailabilitySummary {
  readonly models: Counts;
  readonly providers: readonly { readonly provider: string; readonly status: Status; readonly offers: Counts }[];
}

export function summarise(models: readonly ModelAvailability[]): AvailabilitySummary {
  const byProvider = Map.groupBy(
    models.flatMap(({ offers }) => offers),
    ({ offer }) => offer.connected.provider.id,
  );
  return {
    models: count(models.map(({ offers }) => bestStatus(offers))),
    providers: [...byProvider]
      .map(([provider, offers]) => ({
        provider,
        status: bestStatus(offers),
        offers: count(offers.map(({ status }) => status)),
      }))
      .sort((a, b) => (a.provider < b.provider ? -1 : 1)),
  };
}

function count(statuses: readonly Status[]): Counts {
  const counts = { total: statuses.length, available: 0, unknown: 0, degraded: 0, unavailable: 0, maintenance: 0 };
  for (const status of statuses) counts[status] += 1;
  return counts;
}
