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
export interface MergedReports extends Omit<HealthReport, 'at'> {
  /** So many have reported; one means that all this is what this gateway saw itself. */
  readonly gateways: number;
}

export const NOTHING_KNOWN: MergedReports = { gateways: 1, offers: [], probes: [] };

export function mergeReports(reports: readonly HealthReport[]): MergedReports {
  return {
    gateways: reports.length,
    offers: reports.flatMap(({ offers }) => offers),
    probes: reports.flatMap(({ probes }) => probes).sort((a, b) => a.at - b.at),
  };
}
