import { Injectable } from '@nestjs/common';
import type { Admission } from '../../billing/admission/admission.js';
import { ChargeService } from '../../billing/services/charge.service.js';
import { costOf } from '../../catalog/price.js';
import type { TokenUsage } from '../../providers/token-usage.js';
import { NOTHING_BILLED, type Bill } from '../bill.js';
import type { Attempt } from '../attempt.js';
import type { CallAccount } from '../call-account.js';
import type { InferenceCall } from '../inference-call.js';
import { traceCall } from '../call-trace.js';
import { providerIdOf } from '../routing/candidate.js';
import { InferenceMetrics } from '../inference.metrics.js';
import { MeterService } from './meter.service.js';

/** A call that has ended, but for its last bytes. */
export interface EndedCall {
  readonly call: InferenceCall;
  readonly account: CallAccount;
  readonly admission: Admission;
}

/** What the provider said that was used, and what the model wrote. */
export interface Writing {
  readonly usage: TokenUsage | undefined;
  readonly text: () => string;
}

/** Meters, prices and charges a call, once, before its last byte goes out. */
@Injectable()
export class CallSettlementService {
  constructor(
    private readonly meter: MeterService,
    private readonly charges: ChargeService,
    private readonly metrics: InferenceMetrics,
  ) {}

  /** The bill as the caller pays it. @throws JournalFailedError */
  async settle(ended: EndedCall, { usage, text }: Writing): Promise<Bill> {
    const { call, account } = ended;
    const { last, status } = account;
    if (!last) return NOTHING_BILLED;
    const { offer, isOwn = false } = last;
    const metering = this.meter.bill({ status, request: call.request.value, offer, isOwn, usage, text });
    const metered = metering instanceof Promise ? await metering : metering;
    const bill = withWaste(metered, account.attempts);
    const credits = await this.charge(ended, bill, last);
    const paid = credits === bill.credits ? bill : { ...bill, credits };
    this.metrics.ended(call, account, paid);
    return paid;
  }

  private charge({ call, account, admission }: EndedCall, bill: Bill, last: Attempt): Promise<bigint> {
    const { record, caller } = call;
    const providerId = providerIdOf(last);
    Object.assign(record.notes, { provider: providerId, attempts: account.attempts.length });
    return this.charges.charge(admission, {
      requestId: record.id,
      userId: caller.userId,
      apiKeyId: caller.apiKeyId,
      modelId: account.modelId,
      providerId,
      endpoint: call.endpoint,
      status: account.status,
      isStream: call.isStream,
      attempts: account.attempts.length,
      usage: bill.usage,
      tokenSource: bill.source,
      creditsUsed: bill.credits,
      cost: bill.cost,
      durationMs: performance.now() - record.startedAt,
      firstTokenMs: last.firstTokenAt === undefined ? undefined : last.firstTokenAt - record.startedAt,
      trace: account.hasStory ? traceCall(account, bill) : undefined,
      endedAt: Date.now(),
    });
  }
}

/** Attempts that failed may have cost us something; the caller pays nothing for them. */
function withWaste(bill: Bill, attempts: readonly Attempt[]): Bill {
  const wasted = attempts.reduce((sum, { wastedUsage, offer, isOwn }) => {
    return wastedUsage && !isOwn ? sum + costOf(wastedUsage, offer.price()) : sum;
  }, 0n);
  return wasted === 0n ? bill : { ...bill, cost: bill.cost + wasted };
}
