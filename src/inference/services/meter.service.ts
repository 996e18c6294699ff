import { Injectable } from '@nestjs/common';
import type { CallStatus, TokenSource } from '../../billing/usage-record.js';
import { TokenCounter } from '../../billing/services/token-counter.js';
import type { Offer } from '../../catalog/catalog-model.js';
import { costOf } from '../../catalog/price.js';
import type { Eventually } from '../../platform/eventually.js';
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

  /** At once when the provider gave figures; counting takes its time. */
  bill(metered: Metered): Eventually<Bill> {
    return metered.usage ? price(metered, metered.usage, 'provider') : this.billOfCount(metered);
  }

  private async billOfCount(metered: Metered): Promise<Bill> {
    const text = metered.text();
    if (text === '' && metered.status !== 'completed') return NOTHING_BILLED;
    return price(metered, await this.count(metered.request, text), 'counted');
  }

  private async count(request: JsonObject, text: string): Promise<TokenUsage> {
    const [input, output] = [await this.counter.countPrompt(request), await this.counter.countText(text)];
    return { ...NO_TOKENS, input, output };
  }
}

function price({ status, offer, isOwn }: Metered, usage: TokenUsage, source: TokenSource): Bill {
  const cost = costOf(usage, offer.price());
  return { usage, source, cost: isOwn ? 0n : cost, credits: status === 'failed' ? 0n : cost };
}
