import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const LARGEST_PAGE = 10_000;
const TEXT_LENGTH = 200;

/** The filters of `/v1/models` and `/models`. */
export class ListModelsQuery {
  @IsOptional() @IsString() @MaxLength(TEXT_LENGTH) provider?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_LENGTH) modality?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_LENGTH) capability?: string;
  /** Part of an id or a name. */
  @IsOptional() @IsString() @MaxLength(TEXT_LENGTH) q?: string;
  /** USD per million input tokens. */
  @IsOptional() @Type(() => Number) @IsNumber() @Min(0) max_price?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(LARGEST_PAGE) limit?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) offset?: number;
  @IsOptional() @IsIn(['id', 'price', 'created', 'context_length']) order?:
    'id' | 'price' | 'created' | 'context_length';
}
