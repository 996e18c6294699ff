/**
 * Money: a whole number of nano-dollars (10⁻⁹ USD), as `numeric(20,9)` holds them in the database.
 * It crosses to the database as text, because JSON numbers lose digits; a float never holds money.
 */
export type NanoDollars = bigint;

const NANOS_PER_DOLLAR = 1_000_000_000n;

/** `1234500000n` → `"1.234500000"`. */
export function formatDollars(amount: NanoDollars): string {
  const sign = amount < 0n ? '-' : '';
  const nanos = amount < 0n ? -amount : amount;
  return `${sign}${nanos / NANOS_PER_DOLLAR}.${String(nanos % NANOS_PER_DOLLAR).padStart(9, '0')}`;
}

/**
 * `"1.2345"` → `1234500000n`.
 * @throws RangeError for anything but a decimal number with at most nine places
 */
export function parseDollars(text: string): NanoDollars {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw new RangeError('An amount of dollars is a decimal number with at most nine places.');
  const [, sign, whole = '0', places = ''] = match;
  const nanos = BigInt(whole) * NANOS_PER_DOLLAR + BigInt(places.padEnd(9, '0'));
  return sign === '-' ? -nanos : nanos;
}

/** For replies and metrics, where a double's 15 digits are enough. Never to calculate with. */
export function toApproximateDollars(amount: NanoDollars): number {
  return Number(amount) / 1e9;
}
