import { openAiDialect } from '../../dist/providers/dialects/openai/openai-dialect.js';
import { flat } from '../../dist/catalog/price.js';

/** Prices of a model's offers differ up to threefold, their speeds up to fivefold. */
const CHEAPEST = 0.5;
const PRICE_SPREAD = 3;
const FASTEST_MS = 150;
const SPEED_SPREAD = 5;
const USUAL_ERRORS = 0.002;
const ERROR_MS = 80;
const FIRST_TOKEN_DEADLINE_MS = 30_000;

/**
 * Providers that come and go, and the models that they serve.
 * @param {() => number} random
 */
export class World {
  constructor({ providers, models, random }) {
    this.random = random;
    this.providers = Array.from({ length: providers }, (_, index) => ({
      id: `p${index}`,
      speedMs: FASTEST_MS * SPEED_SPREAD ** random(),
      priceFactor: PRICE_SPREAD ** random(),
      /** up: as usual; down: refuses at once; silent: never answers; brown: slow and often wrong. */
      state: 'up',
    }));
    this.models = Array.from({ length: models }, (_, index) => this.#model(`m${index}`));
  }

  #model(id) {
    const count = 3 + Math.floor(this.random() * 13);
    const serving = [...this.providers]
      .map((provider) => ({ provider, draw: this.random() }))
      .sort((a, b) => a.draw - b.draw)
      .slice(0, count)
      .map(({ provider }) => provider);
    return { id, offers: serving.map((provider) => this.#offer(provider)) };
  }

  #offer(provider) {
    const offer = {
      provider,
      connected: { provider: { id: provider.id, dialect: openAiDialect } },
      weight: 1,
      priority: 0,
      contextLength: undefined,
      inputModalities: undefined,
      supportedParameters: undefined,
      price: () => offer.currentPrice,
    };
    this.setPrice(offer, CHEAPEST * provider.priceFactor * (1 + 0.2 * this.random()));
    return offer;
  }

  setPrice(offer, dollars) {
    const each = flat(dollars);
    offer.dollars = dollars;
    offer.currentPrice = { input: each, output: each, cacheRead: each, cacheWrite: each };
  }

  /** How one attempt at a provider will end, and after how long: drawn when it begins. */
  attempt({ state, speedMs }) {
    const usual = speedMs * (0.7 + 0.6 * this.random()) * (this.random() < 0.02 ? 4 : 1);
    const fails = this.random();
    switch (state) {
      case 'down':
        return { isOk: false, ms: ERROR_MS };
      case 'silent':
        return { isOk: false, ms: FIRST_TOKEN_DEADLINE_MS };
      case 'brown':
        return { isOk: fails > 0.3, ms: usual * 5 };
      default:
        return fails > USUAL_ERRORS ? { isOk: true, ms: usual } : { isOk: false, ms: ERROR_MS };
    }
  }

  /** Offers that would answer now, the cheapest first: what an all-knowing gateway would choose from. */
  answering(model) {
    const up = model.offers.filter(({ provider }) => provider.state === 'up' || provider.state === 'brown');
    return up.sort((a, b) => a.dollars - b.dollars);
  }
}
