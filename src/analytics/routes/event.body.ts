import { buildMessage, IsOptional, Matches, ValidateBy } from 'class-validator';
import { IsInstant } from '../../platform/http/is-instant.js';
import { isJsonObject, type JsonObject } from '../../platform/json/json-document.js';

const PROPERTIES_BYTES = 8 * 1024;
const PROPERTIES_DEPTH = 8;

/** One event as a caller tells it; members beyond these are left out. */
export class EventBody {
  /** Makes a repetition harmless. */
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'id must be 1 to 128 printable characters of ASCII' })
  id?: string;
  @Matches(/^[a-z][\w.:-]{0,99}$/i, {
    message: 'name must be 1 to 100 letters, digits or ._:- and begin with a letter',
  })
  name!: string;
  /** When it happened; without it, now. */
  @IsOptional() @IsInstant() timestamp?: string;
  @IsOptional() @IsSmallObject() properties?: JsonObject;
}

function IsSmallObject(): PropertyDecorator {
  return ValidateBy({
    name: 'isSmallObject',
    validator: {
      // The depth first: to encode something very deep takes more stack than there is.
      validate: (value: unknown) =>
        isJsonObject(value) &&
        isWithin(PROPERTIES_DEPTH, value) &&
        Buffer.byteLength(JSON.stringify(value)) <= PROPERTIES_BYTES,
      defaultMessage: buildMessage(
        (each) =>
          `${each}$property must be an object of at most ${PROPERTIES_BYTES} bytes and ${PROPERTIES_DEPTH} levels`,
      ),
    },
  });
}

function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isWithin(levels - 1, member));
}
