import { IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import type { MaintenanceScope, MaintenanceWindow } from '../maintenance/maintenance-window.js';

/** Nobody plans further; and what is farther may be no time that the database knows. */
const FARTHEST_MS = 10 * 366 * 86_400_000;

export class MaintenanceBody {
  /** Now, unless said otherwise. */
  @IsOptional() @IsISO8601({ strict: true }) from?: string | null;
  /** Until somebody ends it, unless said otherwise. */
  @IsOptional() @IsISO8601({ strict: true }) until?: string | null;
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
}

/** @throws InvalidRequestError */
export function readTimes(
  { from, until, reason = '' }: MaintenanceBody,
  now: number,
): Omit<MaintenanceWindow, keyof MaintenanceScope> {
  const begin = timeOf(from, 'from', now) ?? now;
  const end = timeOf(until, 'until', now);
  if (end !== undefined && end <= Math.max(begin, now)) {
    throw new InvalidRequestError('until must be in the future, and later than from.', 'until', 'invalid_value');
  }
  return { from: begin, until: end, reason };
}

function timeOf(text: string | null | undefined, param: string, now: number): number | undefined {
  if (text === undefined || text === null) return undefined;
  const time = Date.parse(text);
  // Some ISO dates, such as those with weeks, are none that JavaScript reads: they are NaN.
  if (Math.abs(time - now) <= FARTHEST_MS) return time;
  throw new InvalidRequestError(
    `${param} must be a time of these years, such as ${new Date(now).toISOString()}.`,
    param,
    'invalid_value',
  );
}
