/** With MEASURE set a suite runs by itself, on a machine with nothing else to do. */
export const isMeasuring = process.env['MEASURE'] !== undefined;

/** By how much a figure may be missed: by itself a suite is held to it, beside all others to three times as much. */
export const PATIENCE = isMeasuring ? 1 : 3;
