import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  registerDecorator,
  ValidateNested,
} from 'class-validator';
import { SCOPES, type Scope } from '../access.js';
import { addressList } from '../allow-lists.js';
import type { ApiKeyChanges, ApiKeySettings } from '../api-key-settings.js';

const MOST_ENTRIES = 200;
const LARGEST_LIMIT = 1_000_000_000;
const DOLLARS = /^\d{1,9}(?:\.\d{1,9})?$/;

/** A number would have lost digits on its way here only if it had many; text never does. */
const AsText = () => Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value));
const Limit = (): PropertyDecorator => (target, name) => {
  for (const decorate of [IsOptional(), IsInt(), Min(1), Max(LARGEST_LIMIT)]) decorate(target, name);
};
const Amount = (): PropertyDecorator => (target, name) => {
  const message = `${String(name)} must be dollars with at most nine decimals, such as "12.50"`;
  for (const decorate of [IsOptional(), AsText(), Matches(DOLLARS, { message })]) decorate(target, name);
};

/** Addresses, or networks in CIDR notation. */
const AreAddresses = (): PropertyDecorator => (target, name) => {
  registerDecorator({
    name: 'areAddresses',
    target: target.constructor,
    propertyName: String(name),
    options: { message: 'allowed_ips must hold addresses such as 192.0.2.7 or networks such as 10.0.0.0/8' },
    validator: {
      validate: (value) =>
        Array.isArray(value) && value.every((entry) => typeof entry === 'string' && addressList([entry])),
    },
  });
};

/** Dollars for each period. */
export class BudgetBody {
  @Amount() day?: string;
  @Amount() week?: string;
  @Amount() month?: string;
  @Amount() total?: string;
}

/** What a key may do; null is without limit. */
class KeyRightsBody {
  @IsOptional() @IsArray() @ArrayMinSize(1) @IsIn(SCOPES, { each: true }) scopes?: Scope[];
  /** Canonical names, `*` for any characters. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_ENTRIES)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  allowed_models?: string[] | null;
  @IsOptional() @IsArray() @ArrayMaxSize(MOST_ENTRIES) @AreAddresses() allowed_ips?: string[] | null;
  @Limit() rate_limit?: number | null;
  @Limit() token_limit?: number | null;
  @Limit() concurrency_limit?: number | null;
  @IsOptional() @ValidateNested() @Type(() => BudgetBody) budget?: BudgetBody | null;
  @IsOptional() @IsISO8601({ strict: true }) expires_at?: string | null;
  @IsOptional() @IsBoolean() store_history?: boolean;
}

/** The settings of a key that are to be changed. */
export class ChangeKeyBody extends KeyRightsBody {
  @IsOptional() @IsString() @Length(1, 100) name?: string;
}

/** A new key. Only its name is asked for. */
export class CreateKeyBody extends KeyRightsBody {
  @IsString() @Length(1, 100) name!: string;
}

const LONGEST_OVERLAP_SECONDS = 30 * 86_400;

export class RotateKeyBody {
  /** How long the secret before works beside the new one; a day unless said otherwise. */
  @IsOptional() @IsInt() @Min(0) @Max(LONGEST_OVERLAP_SECONDS) overlap_seconds?: number;
}

/** What is not said is without limit. */
export function readSettings(body: CreateKeyBody): ApiKeySettings {
  return {
    name: body.name,
    scopes: body.scopes ?? ['inference'],
    allowed_models: body.allowed_models ?? null,
    allowed_ips: body.allowed_ips ?? null,
    rate_limit: body.rate_limit ?? null,
    token_limit: body.token_limit ?? null,
    concurrency_limit: body.concurrency_limit ?? null,
    budget: body.budget ?? null,
    expires_at: body.expires_at ?? null,
    store_history: body.store_history ?? true,
  };
}

/** What is not said stays as it is. */
export function readChanges(body: ChangeKeyBody): ApiKeyChanges {
  const said = Object.entries(body).filter(([, value]: [string, unknown]) => value !== undefined);
  return Object.fromEntries(said);
}
