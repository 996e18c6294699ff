import { Injectable } from '@nestjs/common';
import { AdmissionRefusedError, CreditsExhaustedError } from '../../billing/admission/admission-errors.js';
import type { Admission } from '../../billing/admission/admission.js';
import { rateHeaders } from '../../billing/admission/rate-headers.js';
import { AdmissionService } from '../../billing/services/admission.service.js';
import { ClientGoneError } from '../../platform/errors/request-errors.js';
import type { Eventually } from '../../platform/eventually.js';
import { describeError } from '../../platform/http/error-description.js';
import { UpstreamError } from '../../providers/upstream-errors.js';
import type { Attempt } from '../attempt.js';
import { CallAccount } from '../call-account.js';
import { traceCall } from '../call-trace.js';
import type { InferenceCall } from '../inference-call.js';
import type { OpenStream } from '../open-stream.js';
import { replyHeaders } from '../reply-headers.js';
import type { Ending, ReplyFormat } from '../reply-format.js';
import { offersOf } from '../routing/candidate.js';
import { worstCase } from '../worst-case.js';
import { CallSettlementService, type EndedCall, type Writing } from './call-settlement.service.js';
import { DispatcherService } from './dispatcher.service.js';
import { onlyOwn, RoutingService, type Route } from './routing.service.js';
import { StandingService } from './standing.service.js';
import { UpstreamCalls } from './upstream-calls.js';

/** One call on its way through the pipeline. */
interface Passage extends EndedCall {
  readonly format: ReplyFormat;
  readonly route: Route;
  /** The stream, once one has begun. */
  stream?: OpenStream;
}

/** A call that may begin, and the way that it may go. */
interface Admitted {
  readonly route: Route;
  readonly admission: Admission;
}

/** Sends what is left of a reply once its call is settled. */
type Finish = (ending: Ending) => void;

/** What there is to meter, and what is left to send. */
interface Result extends Writing {
  readonly finish: Finish;
}

/**
 * The one way that every model call takes: resolve, plan, admit, dispatch, meter, settle. A whole reply and a stream, a
 * success, a failure and a client that left: each is settled once, before its last byte goes out.
 */
@Injectable()
export class InferenceService {
  constructor(
    private readonly routing: RoutingService,
    private readonly admissions: AdmissionService,
    private readonly dispatcher: DispatcherService,
    private readonly upstream: UpstreamCalls,
    private readonly settlement: CallSettlementService,
    private readonly standings: StandingService,
  ) {}

  /**
   * Serves one call. What goes wrong before the reply has begun is thrown; what goes wrong later is told in the stream.
   * @throws GatewayError
   */
  async serve(call: InferenceCall, format: ReplyFormat): Promise<void> {
    const planned = this.routing.route(call);
    if (planned.redirect !== undefined) call.channel.announce({ 'x-gatewayz-model-redirect': planned.redirect });
    const account = new CallAccount(planned.attempts[0].model.id, call.endpoint);
    call.record.notes['model'] = account.modelId;
    const admitted = this.admit(call, planned);
    const { route, admission } = admitted instanceof Promise ? await admitted : admitted;
    call.channel.announce(rateHeaders(admission.rates));
    const passage: Passage = { call, format, account, route, admission };
    try {
      const result = await this.reply(passage);
      const bill = await this.settlement.settle(passage, result);
      result.finish({ bill, trace: wantsTrace(call) ? traceCall(account, bill) : undefined });
    } finally {
      const dropped = admission.drop();
      if (dropped) await dropped;
    }
  }

  private admit(call: InferenceCall, route: Route): Eventually<Admitted> {
    const admission = this.admitTo(call, route);
    return admission instanceof Promise ? this.admitOrOwn(call, route, admission) : { route, admission };
  }

  /** Whoever cannot pay for our keys may still use their own. @throws AdmissionRefusedError */
  private async admitOrOwn(call: InferenceCall, route: Route, admission: Promise<Admission>): Promise<Admitted> {
    try {
      return { route, admission: await admission };
    } catch (error) {
      const own = onlyOwn(route);
      if (!own || !(error instanceof AdmissionRefusedError) || error.kind !== 'insufficient_credits') throw error;
      return { route: own, admission: await this.admitTo(call, own) };
    }
  }

  private admitTo(call: InferenceCall, { needs, attempts }: Route): Eventually<Admission> {
    const { caller, record, isStream } = call;
    return this.admissions.admit(
      worstCase({ requestId: record.id, caller, needs, isStream, offers: offersOf(attempts) }),
    );
  }

  /** Everything of the reply but its last bytes. Never throws: a failure is a result, and is settled like the others. */
  private async reply(passage: Passage): Promise<Result> {
    const { account, route } = passage;
    try {
      const result = passage.call.isStream ? await this.stream(passage) : await this.whole(passage);
      // Some providers finish, and bill, what nobody reads any more.
      account.end(passage.call.channel.isGone ? 'cancelled' : 'completed');
      if (account.served) this.standings.served(account.served);
      if (account.served) this.routing.served(route, account.served);
      return result;
    } catch (error) {
      const isCancelled = error instanceof ClientGoneError || error instanceof CreditsExhaustedError;
      account.end(isCancelled ? 'cancelled' : 'failed');
      // Those that did not serve were told of when they failed.
      if (account.served) this.brokeOff(account.served, error);
      return failed(passage, error);
    }
  }

  private brokeOff(attempt: Attempt, error: unknown): void {
    this.standings.served(attempt, error);
    if (error instanceof UpstreamError) attempt.brokenBy = error.reason;
  }

  private async whole({ call, format, account, route, admission }: Passage): Promise<Result> {
    const reply = await this.dispatcher.firstGood(route, account, (attempt) =>
      this.upstream.whole(call, { attempt, outputLimit: admission.outputLimit }),
    );
    const finish: Finish = (ending) => {
      call.channel.sendWhole(format.whole(reply, ending), replyHeaders(call, account, ending.bill));
    };
    return { usage: reply.usage, text: reply.text, finish };
  }

  private async stream(passage: Passage): Promise<Result> {
    const { call, format, account, route, admission } = passage;
    const { channel } = call;
    channel.keepAwake(() => replyHeaders(call, account));
    const stream = await this.dispatcher.firstGood(route, account, (attempt) =>
      this.upstream.open(call, { attempt, outputLimit: admission.outputLimit }, format.stream()),
    );
    passage.stream = stream;
    channel.beginStream(replyHeaders(call, account));
    await stream.relayTo((bytes) => {
      if (!admission.covers(stream.decoder.writtenTokens)) throw new CreditsExhaustedError();
      stream.format.sent?.(bytes);
      return channel.write(bytes);
    });
    const finish: Finish = (ending) => {
      channel.end(stream.format.completed(ending));
    };
    return { ...written(stream), finish };
  }
}

function written({ decoder }: OpenStream): Writing {
  return { usage: decoder.usage, text: () => decoder.text() };
}

/** Whoever wants to know what happened to a call says so in a header. */
function wantsTrace({ clientHeaders }: InferenceCall): boolean {
  return clientHeaders['x-gatewayz-trace'] === 'true';
}

const NOTHING_WRITTEN = { usage: undefined, text: () => '' };

/** A reply that has not begun fails as a status, one that has as the end of its stream. */
function failed({ call, format, stream }: Passage, error: unknown): Result {
  const metered = stream ? written(stream) : NOTHING_WRITTEN;
  const finish: Finish = (ending) => {
    if (!call.channel.hasBegun) throw error;
    const description = describeError(error);
    call.record.exception = error instanceof Error ? error.constructor.name : 'unknown';
    call.record.notes['error_code'] = description.code;
    const last = stream?.format ?? format.stream();
    call.channel.end(last.failed(ending, description, call.record.id));
  };
  return { ...metered, finish };
}
