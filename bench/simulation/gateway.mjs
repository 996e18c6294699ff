import { CircuitBreaker } from '../../dist/providers/breaker/circuit-breaker.js';
import { OfferTraffic } from '../../dist/providers/traffic/offer-traffic.js';
import { plan } from '../../dist/inference/routing/planner.js';
import { readNeeds } from '../../dist/inference/routing/request-needs.js';
import { readPreferences } from '../../dist/inference/routing/routing-preferences.js';
import { RetryBudget } from '../../dist/inference/routing/retry-budget.js';

/** As the gateway's settings are unless changed. */
const BREAKER = {
  windowMs: 30_000,
  minimum: 10,
  faultShare: 0.5,
  consecutive: 5,
  openMs: 5_000,
  longestOpenMs: 60_000,
  probes: 3,
  successes: 2,
};
const PROBE_PATIENCE_MS = 3_000;
const RETRIES = { share: 0.2, perSecond: 10 };
const REQUEST = { messages: [{ role: 'user', content: 'Hello there' }] };
const NEEDS = readNeeds(REQUEST);
const PREFERENCES = readPreferences(REQUEST);

/** A gateway with the planner, breakers and retry budget of the real one, in virtual time. */
export class PlanningGateway {
  #offers = new Map();
  #incumbents = new Map();

  constructor({ world, queue, tellOthers }) {
    this.world = world;
    this.queue = queue;
    this.tellOthers = tellOthers;
    this.retries = new RetryBudget(RETRIES, () => queue.now);
  }

  /** Calls `done` with the offer that answered, or nothing. */
  serve(model, done) {
    const journey = { model, attempts: 0, passedOver: [], done, hasTriedLastResort: false, isDone: false };
    const { attempts } = plan({
      models: [model],
      request: REQUEST,
      needs: NEEDS,
      preferences: PREFERENCES,
      standingOf: ({ offer }) => this.#standing(model, offer),
      warmProvider: undefined,
      incumbentOf: (id) => this.#incumbents.get(id),
      random: this.world.random,
    });
    journey.left = attempts.map(({ offer }) => offer);
    this.retries.deposit();
    this.#next(journey);
  }

  /** How an attempt of another gateway ended. */
  hearOutcome(model, offer, outcome) {
    if (outcome === 'success' && !this.#offers.has(offer)) return;
    this.isHearing = true;
    this.#of(model, offer).breaker.hear(outcome);
    this.isHearing = false;
  }

  /** Another gateway found an offer broken, or well again. */
  hear(model, offer, until) {
    const known = this.#of(model, offer);
    this.isHearing = true;
    if (until > 0) known.breaker.openElsewhere(until);
    else known.breaker.close();
    this.isHearing = false;
  }

  #next(journey) {
    const offer = this.#take(journey);
    if (!offer) {
      this.#end(journey, undefined);
      return;
    }
    journey.attempts += 1;
    const known = this.#of(journey.model, offer);
    known.load += 1;
    const { isOk, ms } = this.world.attempt(offer.provider);
    const isProbe = known.breaker.state !== 'closed';
    const overdueMs = this.#overdueAfterMs(journey.model, known);
    const patienceMs = isProbe ? Math.min(overdueMs, PROBE_PATIENCE_MS) : overdueMs;
    if (ms > patienceMs) {
      this.queue.at(this.queue.now + patienceMs, () => {
        known.breaker.record('fault');
        if (isProbe && !journey.isDone) this.#next(journey);
      });
    }
    this.queue.at(this.queue.now + ms, () => {
      known.load -= 1;
      known.breaker.record(isOk ? 'success' : ms > patienceMs ? 'neutral' : 'fault');
      known.traffic.observe({ isOk, durationMs: ms, firstTokenMs: isOk ? ms : undefined, tokensPerSecond: undefined });
      if (isOk) this.#end(journey, offer);
      else if (!isProbe || ms <= patienceMs) this.#next(journey);
    });
  }

  #overdueAfterMs(model, known) {
    const usualMs = known.traffic.snapshot().firstTokenP95Ms;
    if (usualMs !== undefined) return Math.max(usualMs * 3, 2_000);
    const elsewhere = model.offers.map((offer) => this.#offers.get(offer)?.traffic.snapshot().firstTokenP95Ms ?? 0);
    const slowest = Math.max(...elsewhere);
    return slowest === 0 ? Infinity : slowest * 3 + 2_000;
  }

  /** Two attempts may run beside each other: the first to answer ends the call. */
  #end(journey, offer) {
    if (journey.isDone) return;
    journey.isDone = true;
    if (offer) this.#incumbents.set(journey.model.id, offer.provider.id);
    journey.done(offer, journey.attempts);
  }

  #take(journey) {
    for (let offer = journey.left.shift(); offer; offer = journey.left.shift()) {
      const { breaker } = this.#of(journey.model, offer);
      if (!breaker.tryAcquire()) {
        journey.passedOver.push(offer);
        continue;
      }
      if (journey.attempts === 0 || this.retries.withdraw()) return offer;
      breaker.record('neutral');
      return undefined;
    }
    const [broken] = journey.passedOver;
    if (journey.hasTriedLastResort || !broken || !this.retries.withdraw()) return undefined;
    journey.hasTriedLastResort = true;
    return broken;
  }

  #standing(model, offer) {
    const known = this.#offers.get(offer);
    const traffic = known?.traffic.snapshot();
    return {
      isInMaintenance: false,
      breaker: known?.breaker.state ?? 'closed',
      isPaused: false,
      successRate: traffic?.successRate,
      firstTokenMs: traffic?.firstTokenP50Ms,
      tokensPerSecond: undefined,
      load: known?.load ?? 0,
    };
  }

  #of(model, offer) {
    let known = this.#offers.get(offer);
    if (!known) {
      const now = () => this.queue.now;
      const changed = (_, to) => {
        if (to !== 'half_open' && !this.isHearing)
          this.tellOthers(this, (other) => other.hear(model, offer, to === 'open' ? known.breaker.opensAgainAt : 0));
      };
      const witnessed = (outcome) => this.tellOthers(this, (other) => other.hearOutcome(model, offer, outcome));
      known = {
        load: 0,
        traffic: new OfferTraffic(now),
        breaker: new CircuitBreaker(BREAKER, { now, random: this.world.random, changed, witnessed }),
      };
      this.#offers.set(offer, known);
    }
    return known;
  }
}

/** What most gateways do: a list in a fixed order, and every failure goes on to the next. */
export class ListGateway {
  constructor({ world, queue }) {
    this.world = world;
    this.queue = queue;
  }

  serve(model, done) {
    const left = [...model.offers].sort((a, b) => a.dollars - b.dollars);
    let attempts = 0;
    const next = () => {
      const offer = left.shift();
      if (!offer) {
        done(undefined, attempts);
        return;
      }
      attempts += 1;
      const { isOk, ms } = this.world.attempt(offer.provider);
      this.queue.at(this.queue.now + ms, () => (isOk ? done(offer, attempts) : next()));
    };
    next();
  }

  hear() {}
}
