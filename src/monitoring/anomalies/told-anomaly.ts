import type { KeptAnomaly } from './kept-anomaly.js';

/** An anomaly that has begun, or is over. */
export interface ToldAnomaly {
  readonly event: 'begin' | 'end';
  readonly anomaly: KeptAnomaly;
}

/** For `@Inject(ANOMALIES)`: the topic of every anomaly, told once at its begin and end, on the gateway that leads. */
export const ANOMALIES = Symbol('ANOMALIES');
