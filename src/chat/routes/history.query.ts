import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const LARGEST_PAGE = 100;

/** Which part of a list. */
export class HistoryQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit?: number;
  /** The `next` of the page before. */
  @IsOptional() @IsString() @MaxLength(500) after?: string;
}
