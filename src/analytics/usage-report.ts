import type { UsageReportRow } from '../platform/database/database-rows.js';

/** What usage can be grouped by; hours and days are those of UTC. */
export const GROUPINGS = ['day', 'hour', 'model', 'provider', 'key'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Which usage. */
export interface UsageQuestion {
  /** Undefined: everybody's. */
  readonly userId: string | undefined;
  readonly from: Date;
  /** The first moment that is not meant any more. */
  readonly to: Date;
  readonly groupBy: Grouping;
}

/** Usage in groups; money is dollars as text. */
export interface UsageReport {
  readonly question: UsageQuestion;
  readonly groups: readonly UsageReportRow[];
  /** There are further groups, cheaper than these. */
  readonly hasMore: boolean;
  /** What providers charge us is for operators only. */
  readonly showsCost: boolean;
}
