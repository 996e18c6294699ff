import { createHash } from 'node:crypto';
import type { Price } from '../price.js';

/** One version of a list, as far as versions are compared: its models, and their prices in whatever unit it has. */
export type Edition = ReadonlyMap<string, readonly number[]>;

/** Lists seldom lose more of their models at once; a list that was cut does. */
const LARGEST_LOSS = 0.2;
/** Prices seldom move further; those that were given in another unit do. */
const LARGEST_MOVE = 10;

/** What speaks against believing the next edition after the last one; nothing when it may be taken. Pure. */
export function doubtsAbout(next: Edition, last: Edition): string[] {
  const doubts: string[] = [];
  if (next.size < last.size * (1 - LARGEST_LOSS)) doubts.push(`Models: ${next.size} instead of ${last.size}.`);
  const moved = [...next].filter(([model, prices]) => hasMoved(prices, last.get(model) ?? [])).map(([model]) => model);
  const [first, ...others] = moved;
  if (first === undefined) return doubts;
  const who = others.length > 0 ? `${first} and ${others.length} more` : first;
  return [...doubts, `The price of ${who} moved by more than ${LARGEST_MOVE} times.`];
}

/** The same for editions that say the same, in whichever order. */
export function digestOf(edition: Edition): string {
  const lines = [...edition].map(([model, prices]) => `${model} ${prices.join(' ')}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** A price as editions compare it; none when nobody knows it. */
export function comparable(price: Price | undefined): number[] {
  return price ? [price.input, price.output].map(({ base }) => Number(base)) : [];
}

/** A price that becomes nothing has moved as far as can be; one that was nothing tells no unit. */
function hasMoved(prices: readonly number[], before: readonly number[]): boolean {
  return prices.some((price, kind) => {
    const old = before[kind] ?? 0;
    return old > 0 && (price > old * LARGEST_MOVE || price < old / LARGEST_MOVE);
  });
}
