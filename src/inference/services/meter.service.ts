import { Injectable } from '@nestjs/common';
import type { CallStatus } from '../../billing/usage-record.js';
import { TokenCounter } from '../../billing/services/token-counter.js';
import type { Offer } from '../../catalog/catalog-model.js';
import { costOf } from '../../catalog/price.js';
import type { JsonObject } from '../../platform/json/json-document.js';
import { NO_TOKENS, type TokenUsage } from '../../providers/token-usage.js';
import { NOTHING_BILLED, type Bill } from '../bill.js';

/** What there is to meter of a call. */
export interface Metered {
  readonly status: CallStatus;
  readonly request: JsonObject;
  readonly offer: Offer;
  /** The caller pays the provider: what the offer costs is our fee. */
  readonly isOwn: boolean;
  /** What the provider says. */
  readonly usage: TokenUsage | undefined;
  /** What the model wrote. */
  readonly text: () => string;
}

/** Puts a figure and a price on a call: the provider's figures, else our own count. */
@Injectable()
export class MeterService {
  constructor(private readonly counter: TokenCounter) {}

  async bill(metered: Metered): Promise<Bill> {
    const { status, offer, isOwn } = metered;
    const given = metered.usage;
    const text = given ? '' : metered.text();
    if (!given && text === '' && status !== 'completed') return NOTHING_BILLED;
    const usage = given ?? (await this.count(metered.request, text));
    const price = costOf(usage, offer.price());
    const credits = status === 'failed' ? 0n : price;
    return { usage, source: given ? 'provider' : 'counted', cost: isOwn ? 0n : price, credits };
  }

  private async count(request: JsonObject, text: string): Promise<TokenUsage> {
    const [input, output] = [await this.counter.countPrompt(request), await this.counter.countText(text)];
    return { ...NO_TOKENS, input, output };
  }
}
