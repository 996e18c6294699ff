import type { NanoDollars } from '../platform/money/nano-dollars.js';
import type { UsageRecord } from './usage-record.js';

/** A call whose record is in the journal. */
export interface SettledCall {
  readonly record: UsageRecord;
  /** What its caller pays. */
  readonly charged: NanoDollars;
}

/** For `@Inject(SETTLED_CALLS)`: the topic of every settled call, told once, on the gateway that served it. */
export const SETTLED_CALLS = Symbol('SETTLED_CALLS');
