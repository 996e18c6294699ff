import { providerIdOf, type Candidate, type OfferStanding } from './candidate.js';
import type { Sort } from './routing-preferences.js';

/** A candidate with what its place depends on. */
export interface Contender extends Candidate {
  readonly standing: OfferStanding;
  /** Pico-dollars for a usual call's mix of tokens. */
  readonly price: number;
}

/** A usual chat reads about three tokens for each that it writes. */
const INPUT_SHARE = 3;
/** How much the latency counts against the price: twice as slow is as bad as 1.4 times as dear. */
const LATENCY_EXPONENT = 0.5;
/** How much failures count: an offer that fails every tenth time is as bad as one 1.5 times as dear. */
const SUCCESS_EXPONENT = 4;
/** So many calls at once make an offer seem twice as dear. */
const BUSY_LOAD = 100;
/** The one that was best so far stays so until another is this much better: else they take turns for nothing. */
const INCUMBENT_BONUS = 0.85;
/** What is free beats everything, but still by its latency and its failures. */
const FREE = 1;

export function contender(candidate: Candidate, standing: OfferStanding): Contender {
  const { input, output } = candidate.offer.price();
  return { ...candidate, standing, price: INPUT_SHARE * Number(input.base) + Number(output.base) };
}

/** The best first. Pure; equals stay as they stood. */
export function ranked(contenders: readonly Contender[], sort: Sort | undefined, incumbent?: string): Contender[] {
  const score = sort ? SCORES[sort] : balance(contenders, incumbent);
  return contenders
    .map((one) => ({ one, score: score(one) }))
    .sort((a, b) => b.one.offer.priority - a.one.offer.priority || a.score - b.score || a.one.price - b.one.price)
    .map(({ one }) => one);
}

/** Lower is better; unknown comes last where only the figure counts. */
const SCORES: Record<Sort, (one: Contender) => number> = {
  price: ({ price }) => price,
  latency: ({ standing }) => standing.firstTokenMs ?? Number.MAX_VALUE,
  throughput: ({ standing }) => -(standing.tokensPerSecond ?? 0),
};

/** Price, latency, failures and load as one figure: as if each of the others made the offer dearer. */
function balance(contenders: readonly Contender[], incumbent: string | undefined): (one: Contender) => number {
  const latencies = contenders.flatMap(({ standing }) => standing.firstTokenMs ?? []).sort((a, b) => a - b);
  const usual = latencies[latencies.length >> 1] ?? 1;
  return (one) => {
    const { firstTokenMs = usual, successRate = 1, load } = one.standing;
    const slowness = Math.max(firstTokenMs, 1) ** LATENCY_EXPONENT;
    const reliability = Math.max(successRate, 0.01) ** SUCCESS_EXPONENT;
    const bonus = providerIdOf(one) === incumbent ? INCUMBENT_BONUS : 1;
    return (((one.price + FREE) * slowness) / reliability) * (1 + load / BUSY_LOAD) * bonus;
  };
}
