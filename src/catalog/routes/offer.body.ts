import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { InvalidRequestError } from '../../platform/errors/request-errors.js';
import { CAPABILITIES, type Capability } from '../capabilities.js';
import type { OfferChanges } from '../overrides/changes.js';

const MOST_TOKENS = 100_000_000;
const LARGEST_WEIGHT = 1_000;
/** Names go into paths, headers and logs. */
const NAME = /^[\x21-\x7e]{1,200}$/;

const Tokens = (): PropertyDecorator => (target, name) => {
  for (const decorate of [IsOptional(), IsInt(), Min(1), Max(MOST_TOKENS)]) decorate(target, name);
};
const DollarsPerToken = (): PropertyDecorator => (target, name) => {
  const message = `${String(name)} must be USD per token in text, with at most twelve decimals, such as "0.0000025"`;
  Matches(/^\d{1,6}(?:\.\d{1,12})?$/, { message })(target, name);
};

export class PricingBody {
  @DollarsPerToken() prompt!: string;
  @DollarsPerToken() completion!: string;
  @IsOptional() @DollarsPerToken() input_cache_read?: string;
  @IsOptional() @DollarsPerToken() input_cache_write?: string;
  @IsOptional() @DollarsPerToken() internal_reasoning?: string;
}

/** What is to be changed of one offer; null is what the lists say. */
export class OfferBody {
  @IsString() @Length(1, 200) provider!: string;
  @ValidateIf(({ active }: OfferBody) => active !== undefined) @IsBoolean() active?: boolean;
  @IsOptional() @IsString() @Length(1, 200) name?: string | null;
  @IsOptional() @Matches(NAME, { message: 'native_id must be a name without spaces' }) native_id?: string | null;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => PricingBody) pricing?: PricingBody | null;
  @Tokens() context_length?: number | null;
  @Tokens() max_output_tokens?: number | null;
  @IsOptional() @IsArray() @ArrayUnique() @IsIn(CAPABILITIES, { each: true }) capabilities?: Capability[] | null;
  @IsOptional() @IsNumber() @Min(0) @Max(LARGEST_WEIGHT) weight?: number | null;
}

/** @throws InvalidRequestError when the model could not have such an id */
export function readOfferChanges(modelId: string, body: OfferBody): OfferChanges {
  if (!NAME.test(modelId)) throw new InvalidRequestError('A model has a name without spaces.', 'id', 'invalid_value');
  return body;
}
