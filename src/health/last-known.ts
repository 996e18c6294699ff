import type { HealthState, Measured } from './health-state.js';

/** How a provider, or a model at a provider, was when it was last written down. */
export interface Remembered {
  readonly measured: Measured;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
}

export interface RememberedOffer extends Remembered {
  readonly providerId: string;
  readonly modelId: string;
}

/** What gateways of earlier times wrote down. */
export interface LastKnown {
  readonly providers: ReadonlyMap<string, Remembered>;
  readonly offers: readonly RememberedOffer[];
}

export const NOTHING_REMEMBERED: LastKnown = { providers: new Map(), offers: [] };

/** As long as traffic counts: what is older says nothing about now. */
export const REMEMBERED_MS = 5 * 60_000;

/** What of it is still worth knowing. */
export function stillWorth({ providers, offers }: LastKnown, now: number): LastKnown {
  const isFresh = ({ checkedAt, measured }: Remembered) =>
    measured.errorRate !== undefined && now - checkedAt < REMEMBERED_MS;
  return {
    providers: new Map([...providers].filter(([, remembered]) => isFresh(remembered))),
    offers: offers.filter(isFresh),
  };
}

/** When that was found out; milliseconds since 1970. */
export function checkedAt({ source }: HealthState, remembered: Remembered | undefined): number {
  return source === 'memory' && remembered ? remembered.checkedAt : Date.now();
}
