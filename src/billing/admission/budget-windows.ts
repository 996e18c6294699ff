import type { BudgetPeriod } from '../../auth/caller.js';

const DAY_MS = 86_400_000;

/** Where each running period began: dates of UTC that sort by time. */
export type BudgetWindows = Readonly<Record<BudgetPeriod, string>>;

let current: { day: number; windows: BudgetWindows } | undefined;

/** The same all day long, so that it is computed once. */
export function budgetWindows(now: number): BudgetWindows {
  const day = Math.floor(now / DAY_MS);
  if (current?.day === day) return current.windows;
  // The first day of 1970 was a Thursday; a week begins on Monday.
  const monday = day - ((day + 3) % 7);
  const windows = { day: dateOf(day), week: dateOf(monday), month: `${dateOf(day).slice(0, 7)}-01`, total: '' };
  current = { day, windows };
  return windows;
}

/** When the period ends, in milliseconds since 1970; undefined for what never does. */
export function budgetEnd(period: BudgetPeriod, now: number): number | undefined {
  const windows = budgetWindows(now);
  const began = Date.parse(windows[period]);
  if (period === 'total') return undefined;
  if (period === 'month') return new Date(began).setUTCMonth(new Date(began).getUTCMonth() + 1);
  return began + (period === 'day' ? DAY_MS : 7 * DAY_MS);
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
