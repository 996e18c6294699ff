import { IsBoolean, IsInt, Max, Min, ValidateIf } from 'class-validator';

const LARGEST_PRIORITY = 1_000;

export class ProviderBody {
  /** False: no calls go there, on any gateway. */
  @ValidateIf(({ enabled }: ProviderBody) => enabled !== undefined) @IsBoolean() enabled?: boolean;
  /** Its offers are tried before all others with a lower one; 0 is usual. */
  @ValidateIf(({ priority }: ProviderBody) => priority !== undefined)
  @IsInt()
  @Min(-LARGEST_PRIORITY)
  @Max(LARGEST_PRIORITY)
  priority?: number;
}
