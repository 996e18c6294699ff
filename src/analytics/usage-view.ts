import type { UsageReportRow } from '../platform/database/database-rows.js';
import { toCsv } from './csv.js';
import type { UsageReport } from './usage-report.js';

const COUNTS = [
  'requests',
  'completed',
  'cancelled',
  'failed',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
  'duration_ms',
  'credits_used',
] as const satisfies readonly (keyof UsageReportRow)[];

/** Token kinds do not overlap. Money is dollars as text, for a JSON number loses digits. */
export function viewUsage(report: UsageReport): object {
  const { question, groups, hasMore } = report;
  const columns = columnsOf(report);
  return {
    object: 'list',
    from: question.from.toISOString(),
    to: question.to.toISOString(),
    group_by: question.groupBy,
    data: groups.map((group) => ({
      object: 'usage',
      [question.groupBy]: group.label,
      ...Object.fromEntries(columns.map((column) => [column, group[column]])),
    })),
    has_more: hasMore,
  };
}

/** The same figures, a line a group. */
export function usageCsv(report: UsageReport): string {
  const columns = columnsOf(report);
  const lines = report.groups.map((group) => [group.label, ...columns.map((column) => group[column])]);
  return toCsv([[report.question.groupBy, ...columns], ...lines]);
}

function columnsOf({ showsCost }: UsageReport): ((typeof COUNTS)[number] | 'cost')[] {
  return showsCost ? [...COUNTS, 'cost'] : [...COUNTS];
}
