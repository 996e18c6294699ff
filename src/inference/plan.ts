import type { CatalogModel, Offer } from '../catalog/catalog-model.js';

/** The order in which a model's offers are tried: the cheapest first. Pure. */
export function planAttempts(model: CatalogModel): Offer[] {
  return model.offers
    .map((offer) => ({ offer, price: offer.price() }))
    .sort((a, b) => Number(weight(a.price) - weight(b.price)))
    .map(({ offer }) => offer);
}

/** A usual chat reads about three tokens for each that it writes. */
function weight(price: ReturnType<Offer['price']>): bigint {
  return 3n * price.input.base + price.output.base;
}
