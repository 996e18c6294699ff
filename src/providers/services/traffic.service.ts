import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { OfferTraffic, type TrafficSnapshot } from '../traffic/offer-traffic.js';
import type { AttemptFigures } from '../traffic/recent-attempts.js';

/** Each takes some ten kilobytes. */
const KEPT_OFFERS = 5_000;

/** What real traffic tells of each model at each provider. In memory. */
@Injectable()
export class TrafficService {
  private readonly offers = new LRUCache<string, OfferTraffic>({ max: KEPT_OFFERS });

  observe(providerId: string, modelId: string, figures: AttemptFigures): void {
    const key = `${providerId} ${modelId}`;
    let traffic = this.offers.get(key);
    if (!traffic) {
      traffic = new OfferTraffic(Date.now);
      this.offers.set(key, traffic);
    }
    traffic.observe(figures);
  }

  /** Undefined when the offer was never asked. */
  of(providerId: string, modelId: string): TrafficSnapshot | undefined {
    return this.offers.get(`${providerId} ${modelId}`)?.snapshot();
  }
}
