import type { CatalogModel } from '../../catalog/catalog-model.js';
import { providerIdOf, type Candidate, type OfferStanding } from './candidate.js';
import { fits, whyNot, type Ineligibility, type Wanted } from './eligibility.js';
import { contender, ranked, type Contender } from './ranking.js';

/** How often a call goes first to an offer that little is known of. */
const EXPLORATION_SHARE = 0.02;
/** Exploring may cost the caller this much more than the best offer, not more. */
const EXPLORATION_PRICE = 1.25;
/** How often a call goes first to an offer that may have recovered. */
const PROBE_SHARE = 0.1;

export interface RoutingQuestion extends Wanted {
  /** What the caller asked for, and then what may answer instead. */
  readonly models: readonly CatalogModel[];
  readonly standingOf: (candidate: Candidate) => OfferStanding;
  /** The provider whose prompt cache may hold the beginning of this conversation. */
  readonly warmProvider: string | undefined;
  /** The provider that was best for a model so far. */
  readonly incumbentOf: (modelId: string) => string | undefined;
  /** From 0 to 1, below 1. */
  readonly random: () => number;
}

export interface RefusedCandidate extends Candidate {
  readonly reason: Ineligibility;
}

export interface Plan {
  /** In the order in which they are to be tried; those that may not answer at the moment come last. */
  readonly attempts: readonly Candidate[];
  readonly refused: readonly RefusedCandidate[];
}

/** In which order the offers of a call's models are tried, and which are not. Pure but for the given `random`. */
export function plan(question: RoutingQuestion): Plan {
  const attempts: Candidate[] = [];
  const refused: RefusedCandidate[] = [];
  for (const model of question.models) {
    const contenders: Contender[] = [];
    for (const offer of model.offers) {
      const candidate = { model, offer };
      const standing = question.standingOf(candidate);
      const reason = whyNot(candidate, standing, question);
      if (reason) refused.push({ ...candidate, reason });
      else contenders.push(contender(candidate, standing));
    }
    attempts.push(...ordered(contenders, question, model.id));
  }
  return { attempts: byReadiness(attempts, question), refused };
}

function ordered(contenders: readonly Contender[], question: RoutingQuestion, modelId: string): Contender[] {
  const [only, another] = contenders;
  if (!only || !another) return [...contenders];
  const { preferences, warmProvider } = question;
  const { sort, order, allowsFallbacks } = preferences;
  const best = withFirst(ranked(contenders, sort, question.incumbentOf(modelId)), ({ offer }) =>
    fits(offer, question.needs),
  );
  const policy = sort ? best : split(best, question.random);
  const first = warmProvider ?? (sort ? undefined : curiosity(policy, question.random));
  const sticky = first === undefined ? policy : withFirst(policy, (one) => providerIdOf(one) === first);
  const wished = order.reduceRight((list, id) => withFirst(list, (one) => providerIdOf(one) === id), sticky);
  return allowsFallbacks || order.length > 0 ? wished : wished.slice(0, 1);
}

/** Percentages: where weights differ, each call's first offer is drawn by them. */
function split(contenders: Contender[], random: () => number): Contender[] {
  const weight = contenders[0]?.offer.weight;
  if (contenders.every(({ offer }) => offer.weight === weight)) return contenders;
  return contenders
    .map((one) => ({ one, key: -Math.log(1 - random()) / one.offer.weight }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

/** A provider to try out of turn: one that may have recovered, or one that is hardly known and not dear. */
function curiosity(contenders: readonly Contender[], random: () => number): string | undefined {
  const draw = random();
  if (draw >= PROBE_SHARE) return undefined;
  const recovering = contenders.find(({ standing }) => standing.breaker === 'half_open');
  if (recovering) return providerIdOf(recovering);
  if (draw >= EXPLORATION_SHARE) return undefined;
  const [best] = contenders;
  const unknown = contenders.filter(
    ({ standing, price }) => standing.firstTokenMs === undefined && price <= (best?.price ?? 0) * EXPLORATION_PRICE,
  );
  const chosen = unknown[Math.floor((draw / EXPLORATION_SHARE) * unknown.length)];
  return chosen && providerIdOf(chosen);
}

function withFirst(contenders: readonly Contender[], isFirst: (one: Contender) => boolean): Contender[] {
  return [...contenders.filter(isFirst), ...contenders.filter((one) => !isFirst(one))];
}

/**
 * What may answer now before what has just failed: a broken first choice must not hold up a call that another model
 * could answer.
 */
function byReadiness(attempts: readonly Candidate[], { standingOf }: RoutingQuestion): Candidate[] {
  if (attempts.length < 2) return [...attempts];
  const isReady = (candidate: Candidate): boolean => {
    const { breaker, isPaused } = standingOf(candidate);
    return breaker !== 'open' && !isPaused;
  };
  const ready = attempts.filter(isReady);
  return ready.length === attempts.length ? ready : [...ready, ...attempts.filter((one) => !isReady(one))];
}
