import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { IsInstant } from '../../platform/http/is-instant.js';
import { GROUPINGS, type Grouping, type UsageQuestion } from '../usage-report.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What is shown when nobody says which, and at most, in days. */
const SPAN = { hour: { usual: 1, most: 31 }, others: { usual: 30, most: 400 } };

export class UsageQuery {
  @IsOptional() @IsInstant() from?: string;
  @IsOptional() @IsInstant() to?: string;
  @IsOptional() @IsIn(GROUPINGS) group_by?: Grouping;
  @IsOptional() @IsUUID() user_id?: string;
  @IsOptional() @IsIn(['json', 'csv']) format?: 'json' | 'csv';
}

/** Whole minutes: those that `from` and `to` fall into are meant. @throws InvalidRequestError */
export function toQuestion(query: UsageQuery, now: number): UsageQuestion {
  const { group_by: groupBy = 'day', user_id: userId } = query;
  const { usual, most } = groupBy === 'hour' ? SPAN.hour : SPAN.others;
  const to = Math.ceil((query.to === undefined ? now : Date.parse(query.to)) / MINUTE_MS) * MINUTE_MS;
  const from = query.from === undefined ? to - usual * DAY_MS : floorToMinute(Date.parse(query.from));
  if (from >= to) throw new InvalidRequestError('from must be before to.', 'from', 'invalid_value');
  if (to - from > most * DAY_MS) {
    throw new InvalidRequestError(`By ${groupBy}, at most ${most} days can be shown.`, 'from', 'invalid_value');
  }
  return { userId, from: new Date(from), to: new Date(to), groupBy };
}

function floorToMinute(time: number): number {
  return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}
