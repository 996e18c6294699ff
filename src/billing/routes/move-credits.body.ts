import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MOVEMENT_KINDS, type MovementKind } from '../ledger/movement.js';

/** Credits that an administrator gives to a user, or takes. */
export class MoveCreditsBody {
  /** Dollars with at most nine decimals; below zero takes them. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value))
  @Matches(/^-?\d{1,9}(?:\.\d{1,9})?$/, {
    message: 'amount must be dollars with at most nine decimals, such as "12.50"',
  })
  amount!: string;
  @IsOptional() @IsIn(MOVEMENT_KINDS) kind?: MovementKind;
  /** Makes a repetition harmless; the `idempotency-key` header does the same. */
  @IsOptional() @IsString() @MaxLength(200) reference?: string;
  @IsOptional() @IsString() @MaxLength(1000) note?: string;
}
