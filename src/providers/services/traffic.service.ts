import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { offerKey } from '../offer-key.js';
import type { OfferCount } from '../traffic/offer-count.js';
import { OfferTraffic, type TrafficSnapshot } from '../traffic/offer-traffic.js';
import type { AttemptFigures } from '../traffic/recent-attempts.js';
import type { Tally } from '../traffic/tally.js';

/** Each takes some ten kilobytes. */
const KEPT_OFFERS = 5_000;

/** How the calls of a model at a provider went. */
export interface OfferTally {
  readonly providerId: string;
  readonly modelId: string;
  readonly tally: Tally;
}

/** How a model at a provider does, as all gateways see it. */
export interface HeardOffer {
  readonly providerId: string;
  readonly modelId: string;
  /** 0 to 1. */
  readonly errorRate: number | undefined;
}

/** What real traffic tells of each model at each provider. In memory. */
@Injectable()
export class TrafficService {
  /** What all gateways together know of success, by offer. */
  private heard: ReadonlyMap<string, number> = new Map();
  private readonly offers = new LRUCache<string, OfferTraffic>({ max: KEPT_OFFERS });

  observe(providerId: string, modelId: string, figures: AttemptFigures): void {
    const key = offerKey(providerId, modelId);
    let traffic = this.offers.get(key);
    if (!traffic) {
      traffic = new OfferTraffic(Date.now);
      this.offers.set(key, traffic);
    }
    traffic.observe(figures);
  }

  /** Takes over how offers do elsewhere; an undefined rate is an unknown one. */
  hear(offers: readonly HeardOffer[]): void {
    this.heard = new Map(
      offers.flatMap(({ providerId, modelId, errorRate }) =>
        errorRate === undefined ? [] : [[offerKey(providerId, modelId), 1 - errorRate] as const],
      ),
    );
  }

  /** From 0 to 1, as all gateways saw it: for a gateway that saw too little itself. Half a minute old at most. */
  heardSuccessRate(providerId: string, modelId: string): number | undefined {
    return this.heard.get(offerKey(providerId, modelId));
  }

  /** Every offer that was asked within a day. */
  tallies(): OfferTally[] {
    return [...this.offers]
      .map(([key, traffic]) => ({ ...namesOf(key), tally: traffic.tally() }))
      .filter(({ tally }) => tally.dayAttempts > 0);
  }

  /** All that this gateway has ever seen of the offers that it still knows. */
  totals(): OfferCount[] {
    return [...this.offers].map(([key, traffic]) => ({ ...namesOf(key), ...traffic.total() }));
  }

  /** Undefined when the offer was never asked. */
  of(providerId: string, modelId: string): TrafficSnapshot | undefined {
    return this.offers.get(offerKey(providerId, modelId))?.snapshot();
  }
}

/** Providers have no spaces in their names. */
function namesOf(key: string): { providerId: string; modelId: string } {
  const space = key.indexOf(' ');
  return { providerId: key.slice(0, space), modelId: key.slice(space + 1) };
}
