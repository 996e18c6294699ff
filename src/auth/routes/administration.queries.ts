import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';

const LARGEST_PAGE = 500;

export class ListUsersQuery {
  /** Part of an e-mail. */
  @IsOptional() @IsString() @MaxLength(200) q?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) offset?: number;
}

export class ListAuditLogsQuery {
  @IsOptional() @IsUUID() user_id?: string;
  @IsOptional() @IsString() @MaxLength(100) action?: string;
  @IsOptional() @IsString() @MaxLength(200) resource?: string;
  @IsOptional() @IsISO8601() since?: string;
  @IsOptional() @IsISO8601() until?: string;
  /** The `next` of the page before. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) after?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit?: number;
}

export class ChangeUserBody {
  @IsOptional() @IsIn(['user', 'admin']) role?: 'user' | 'admin';
  /** Dollars; null is without limit. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value))
  @Matches(/^\d{1,9}(?:\.\d{1,9})?$/, { message: 'credit_line must be dollars with at most nine decimals' })
  credit_line?: string | null;
}
