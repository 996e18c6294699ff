import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

const WEEK_HOURS = 168;
const YEAR_DAYS = 400;
const LARGEST_PAGE = 1_000;

/** Which hours to look back at. */
export class HoursQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(WEEK_HOURS) hours: number = 24;
}

export class DaysQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(YEAR_DAYS) days: number = 30;
}

export class ErrorsQuery extends HoursQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit: number = 100;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) offset: number = 0;
}
