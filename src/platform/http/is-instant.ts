import { buildMessage, ValidateBy } from 'class-validator';

const INSTANT = /^[12]\d{3}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * A moment of ISO 8601: a day (which begins at midnight UTC), or a time that says its zone. `@IsISO8601()` lets weeks
 * and times of no zone pass, which JavaScript cannot read or reads as local. Years end at 2999, and none comes before
 * 1000: the database has no year 0, and writes those beyond 9999 in another way.
 */
export const IsInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value)),
      defaultMessage: buildMessage(
        (each) => `${each}$property must be a date, or a time with its zone, such as 2026-01-31T12:00:00Z`,
      ),
    },
  });
