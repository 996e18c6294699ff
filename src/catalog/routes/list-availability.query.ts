import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { STATUSES, type Status } from '../availability/offer-availability.js';

const LARGEST_PAGE = 10_000;

/** Which part of the models. */
export class ListAvailabilityQuery {
  /** Only models that it offers. */
  @IsOptional() @IsString() @MaxLength(200) provider?: string;
  @IsOptional() @IsIn(STATUSES) status?: Status;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) offset?: number;
}
