import { Injectable } from '@nestjs/common';
import { SettlementService } from '../../billing/services/settlement.service.js';
import { CatalogService } from '../../catalog/services/catalog.service.js';
import type { Offer } from '../../catalog/catalog-model.js';
import { ClientGoneError } from '../../platform/errors/request-errors.js';
import { describeError } from '../../platform/http/error-description.js';
import type { TokenUsage } from '../../providers/token-usage.js';
import { NOTHING_BILLED, type Bill } from '../bill.js';
import { CallAccount } from '../call-account.js';
import type { InferenceCall } from '../inference-call.js';
import { InferenceMetrics } from '../inference.metrics.js';
import type { OpenStream } from '../open-stream.js';
import { planAttempts } from '../plan.js';
import { replyHeaders } from '../reply-headers.js';
import type { ReplyFormat } from '../reply-format.js';
import { DispatcherService } from './dispatcher.service.js';
import { MeterService } from './meter.service.js';
import { UpstreamCalls } from './upstream-calls.js';

/** One call on its way through the pipeline. */
interface Passage {
  readonly call: InferenceCall;
  readonly format: ReplyFormat;
  readonly account: CallAccount;
  readonly offers: readonly Offer[];
  /** The stream, once one has begun. */
  stream?: OpenStream;
}

/** Sends what is left of a reply once its call is settled. */
type Finish = (bill: Bill) => void;

/** What there is to meter. */
interface Result {
  readonly usage: TokenUsage | undefined;
  readonly text: () => string;
  readonly finish: Finish;
}

/**
 * The one way that every model call takes: resolve, plan, dispatch, meter, settle. A whole reply and a stream, a
 * success, a failure and a client that left: each is settled once, before its last byte goes out.
 */
@Injectable()
export class InferenceService {
  constructor(
    private readonly catalog: CatalogService,
    private readonly dispatcher: DispatcherService,
    private readonly upstream: UpstreamCalls,
    private readonly meter: MeterService,
    private readonly settlement: SettlementService,
    private readonly metrics: InferenceMetrics,
  ) {}

  /**
   * Serves one call. What goes wrong before the reply has begun is thrown; what goes wrong later is told in the stream.
   * @throws GatewayError
   */
  async serve(call: InferenceCall, format: ReplyFormat): Promise<void> {
    const model = this.catalog.resolve(call.model);
    const account = new CallAccount(model.id, call.endpoint);
    call.record.notes['model'] = model.id;
    const passage: Passage = { call, format, account, offers: planAttempts(model) };
    const result = await this.reply(passage);
    const bill = await this.bill(passage, result);
    await this.settle(passage, bill);
    result.finish(bill);
  }

  /** Everything of the reply but its last bytes. Never throws: a failure is a result, and is settled like the others. */
  private async reply(passage: Passage): Promise<Result> {
    const { account } = passage;
    try {
      const result = passage.call.isStream ? await this.stream(passage) : await this.whole(passage);
      account.end('completed');
      return result;
    } catch (error) {
      account.end(error instanceof ClientGoneError ? 'cancelled' : 'failed');
      return failed(passage, error);
    }
  }

  private async whole({ call, format, account, offers }: Passage): Promise<Result> {
    const reply = await this.dispatcher.firstGood(offers, account, (attempt) => this.upstream.whole(call, attempt));
    const finish: Finish = (bill) => {
      call.channel.sendWhole(format.whole(reply, bill), replyHeaders(call, account, bill));
    };
    return { usage: reply.usage, text: reply.text, finish };
  }

  private async stream(passage: Passage): Promise<Result> {
    const { call, format, account, offers } = passage;
    const { channel } = call;
    channel.keepAwake(() => replyHeaders(call, account));
    const stream = await this.dispatcher.firstGood(offers, account, (attempt) =>
      this.upstream.open(call, attempt, format.stream()),
    );
    passage.stream = stream;
    channel.beginStream(replyHeaders(call, account));
    await stream.relayTo((bytes) => channel.write(bytes));
    const finish: Finish = (bill) => {
      channel.end(stream.format.completed(bill));
    };
    return { ...written(stream), finish };
  }

  private async bill({ call, account }: Passage, { usage, text }: Result): Promise<Bill> {
    const offer = account.last?.offer;
    if (!offer) return NOTHING_BILLED;
    return this.meter.bill({ status: account.status, request: call.request.value, offer, usage, text });
  }

  private async settle({ call, account }: Passage, bill: Bill): Promise<void> {
    const { last } = account;
    if (!last) return;
    this.metrics.ended(call, account, bill);
    const { record, caller } = call;
    Object.assign(record.notes, { provider: last.offer.connected.provider.id, attempts: account.attempts.length });
    await this.settlement.settle({
      requestId: record.id,
      userId: caller.userId,
      apiKeyId: caller.apiKeyId,
      modelId: account.modelId,
      providerId: last.offer.connected.provider.id,
      endpoint: call.endpoint,
      status: account.status,
      isStream: call.isStream,
      attempts: account.attempts.length,
      usage: bill.usage,
      tokenSource: bill.source,
      creditsUsed: bill.credits,
      cost: bill.cost,
      durationMs: performance.now() - record.startedAt,
      endedAt: Date.now(),
    });
  }
}

function written({ decoder }: OpenStream): Omit<Result, 'finish'> {
  return { usage: decoder.usage, text: () => decoder.text() };
}

const NOTHING_WRITTEN = { usage: undefined, text: () => '' };

/** A reply that has not begun fails as a status, one that has as the end of its stream. */
function failed({ call, format, stream }: Passage, error: unknown): Result {
  const metered = stream ? written(stream) : NOTHING_WRITTEN;
  const finish: Finish = (bill) => {
    if (!call.channel.hasBegun) throw error;
    const description = describeError(error);
    call.record.exception = error instanceof Error ? error.constructor.name : 'unknown';
    call.record.notes['error_code'] = description.code;
    const last = stream?.format ?? format.stream();
    call.channel.end(last.failed(bill, description, call.record.id));
  };
  return { ...metered, finish };
}
