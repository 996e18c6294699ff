import type { OfferTally } from '../providers/services/traffic.service.js';

/** How a provider answered when nobody but us asked. */
export interface Probe {
  readonly providerId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isOk: boolean;
  readonly latencyMs: number;
}

/** What one gateway knows: of real traffic, and of the probes that it made. */
export interface HealthReport {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly offers: readonly OfferTally[];
  readonly probes: readonly Probe[];
}

/** What all gateways know together. */
export type MergedReports = Omit<HealthReport, 'at'>;

export const NOTHING_KNOWN: MergedReports = { offers: [], probes: [] };

export function mergeReports(reports: readonly HealthReport[]): MergedReports {
  return {
    offers: reports.flatMap(({ offers }) => offers),
    probes: reports.flatMap(({ probes }) => probes).sort((a, b) => a.at - b.at),
  };
}
