import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsInstant } from '../../platform/http/is-instant.js';
import { ANOMALY_TYPES, type AnomalyType } from './measures.js';
import { SEVERITIES, type Severity } from './wording.js';

const LARGEST_PAGE = 1_000;

/** Which anomalies to show. */
export class AnomalyQuery {
  @IsOptional() @IsIn(['open', 'ended']) state?: 'open' | 'ended';
  @IsOptional() @IsIn(ANOMALY_TYPES) type?: AnomalyType;
  @IsOptional() @IsIn(SEVERITIES) severity?: Severity;
  @IsOptional() @IsString() @MaxLength(200) provider?: string;
  /** When they began. */
  @IsOptional() @IsInstant() from?: string;
  @IsOptional() @IsInstant() to?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit: number = 100;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) offset: number = 0;
}
