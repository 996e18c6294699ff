import type { AnomalyRow } from '../../platform/database/database-rows.js';

/** By what an anomaly is known. */
export type KeptAnomaly = Pick<AnomalyRow, 'series' | 'measure' | 'type' | 'severity'>;
