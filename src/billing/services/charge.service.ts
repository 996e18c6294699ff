import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import { inputTokens, outputTokens } from '../../providers/token-usage.js';
import type { Admission } from '../admission/admission.js';
import { BillingMetrics } from '../billing.metrics.js';
import { toJournalLine } from '../journal-line.js';
import { RecentTransactions } from './recent-transactions.js';
import type { UsageRecord } from '../usage-record.js';

export class JournalFailedError extends GatewayError {
  override readonly name = 'JournalFailedError';
  readonly kind = 'internal';
  readonly code = 'internal_error';
}

/** Charges each call once, whatever happened to it: its record is in the journal before its reply ends. */
@Injectable()
export class ChargeService {
  constructor(
    private readonly metrics: BillingMetrics,
    private readonly recent: RecentTransactions,
  ) {}

  /**
   * What the caller pays: what the call cost, but never more than was set aside for it and what else is left. Resolves
   * once the record is safe.
   * @throws JournalFailedError when it cannot be written, as on a full disk
   */
  async charge(admission: Admission, record: UsageRecord): Promise<NanoDollars> {
    this.metrics.counted(record.providerId, record.tokenSource);
    const tokens = inputTokens(record.usage) + outputTokens(record.usage);
    const line = toJournalLine(record);
    try {
      const charged = await admission.settle({ tokens, credits: record.creditsUsed }, line);
      this.metrics.journalled(record.endpoint);
      this.recent.remember(line, charged);
      return charged;
    } catch (cause) {
      throw new JournalFailedError('The call could not be accounted for.', { cause });
    }
  }
}
