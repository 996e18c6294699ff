import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { ENV, type Env } from '../../config/env.js';
import { ClientGoneError } from '../../platform/errors/request-errors.js';
import { ReplyChannel } from '../../platform/http/reply-channel.js';
import { readTicket, type Arrival } from '../arrival.js';
import { HeldBytes } from '../../platform/memory/held-bytes.js';
import { IdempotencyConflictError, IdempotencyInProgressError } from '../idempotency-errors.js';
import { IdempotencyMetrics } from '../idempotency.metrics.js';
import { LEASE_MS, REPLY_STORE, type ReplyStore, type StoredReply, type Ticket } from '../reply-store.js';
import { RunningCall } from '../running-call.js';
import { RunningReply } from '../running-reply.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/** Makes the call, and writes its reply into the channel. */
export type MakeCall = (channel: ReplyChannel) => Promise<void>;

/**
 * Stands between the routes of model calls and the pipeline. Requests with the same Idempotency-Key are one call: the
 * first makes it, who comes meanwhile joins it, who comes later gets the same reply again.
 */
@Injectable()
export class IdempotencyService implements BeforeApplicationShutdown {
  private readonly log = new Logger(IdempotencyService.name);
  /** Of this gateway, by the id of their tickets. */
  private readonly running = new Map<string, RunningCall>();
  private readonly memory: HeldBytes;

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(REPLY_STORE) private readonly store: ReplyStore,
    private readonly metrics: IdempotencyMetrics,
  ) {
    this.memory = new HeldBytes(env.IDEMPOTENCY_REPLY_BYTES, env.IDEMPOTENCY_TOTAL_BYTES);
  }

  /**
   * Answers a request, with the call or, where it has an Idempotency-Key, with the reply that there is.
   * @throws GatewayError: what the call throws, or a refusal of the key
   */
  serve(arrival: Arrival, makeCall: MakeCall): Promise<void> {
    const isPlain = arrival.request.headers['idempotency-key'] === undefined;
    return isPlain ? makeCall(this.channelTo(arrival.response)) : this.serveOnce(arrival, makeCall);
  }

  /** What the last calls leave is stored before Redis is let go. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ over }) => over.promise));
  }

  private async serveOnce(arrival: Arrival, makeCall: MakeCall): Promise<void> {
    const ticket = readTicket(arrival);
    const deadline = performance.now() + this.env.UPSTREAM_TOTAL_TIMEOUT_MS;
    let pauseMs = FIRST_PAUSE_MS;
    while (!(await this.answer(arrival, ticket, makeCall))) {
      if (performance.now() > deadline) throw this.inProgress();
      await pause(pauseMs);
      if (arrival.response.closed) throw new ClientGoneError();
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** False when another gateway is making the call: ask again in a moment. */
  private async answer(arrival: Arrival, ticket: Ticket, makeCall: MakeCall): Promise<boolean> {
    const running = this.running.get(ticket.id);
    if (running) return this.join(running, ticket, arrival);
    const claim = await this.store.claim(ticket);
    if (claim.outcome === 'claimed') {
      await this.make(arrival, ticket, makeCall);
      return true;
    }
    if (claim.outcome === 'conflict') throw this.conflict();
    if (claim.outcome === 'stored') {
      this.replay(claim.reply, arrival);
      return true;
    }
    // Another request to this gateway may have been faster by a moment.
    const faster = this.running.get(ticket.id);
    return faster ? this.join(faster, ticket, arrival) : false;
  }

  private async join(running: RunningCall, ticket: Ticket, arrival: Arrival): Promise<boolean> {
    if (running.isLost) {
      await running.over.promise;
      return false;
    }
    if (running.ticket.fingerprint !== ticket.fingerprint) throw this.conflict();
    if (!running.reply.canBeJoined) throw this.inProgress();
    this.note(arrival, 'joined', running.record.id);
    running.reply.attend(arrival.response, replayHeaders(running.record.id));
    await running.outcome;
    // A stream that broke was no success for this one either.
    if (running.record.exception) arrival.record.exception = running.record.exception;
    return true;
  }

  private async make(arrival: Arrival, ticket: Ticket, makeCall: MakeCall): Promise<void> {
    const { response, record } = arrival;
    this.metrics.answered('made');
    const reply = new RunningReply(response, this.memory);
    const call = new RunningCall(ticket, record, reply, () => makeCall(this.channelTo(reply)));
    this.running.set(ticket.id, call);
    const renewal = setInterval(() => void this.renew(call), LEASE_MS / 3);
    reply.on('deserted', () => void this.renew(call));
    // It left while its claim was made, which nobody will tell any more.
    if (response.closed) reply.leave(response);
    try {
      await call.outcome;
    } finally {
      clearInterval(renewal);
      void this.conclude(call);
    }
  }

  /** A call goes on as long as anybody waits for it, here or at another gateway. */
  private async renew({ ticket, reply, hasEnded }: RunningCall): Promise<void> {
    // Its claim is being given back: a renewal would come after that, and keep retries waiting.
    if (hasEnded) return;
    const isAwaited = await this.store.renew(ticket).catch(() => false);
    if (!isAwaited) reply.abandon();
  }

  private async conclude(call: RunningCall): Promise<void> {
    const { ticket, reply, finalReply } = call;
    try {
      await (finalReply ? this.store.keep(ticket, finalReply) : this.store.release(ticket));
      const isTooLarge = !call.isLost && !reply.canBeJoined;
      this.metrics.concluded(finalReply ? 'kept' : isTooLarge ? 'too_large' : 'not_final');
    } catch (error) {
      this.log.warn({ err: error, request_id: call.record.id }, 'a reply could not be kept for its retries');
      this.metrics.concluded('store_away');
    } finally {
      this.running.delete(ticket.id);
      reply.forget();
      call.over.resolve();
    }
  }

  private replay({ requestId, status, headers, body }: StoredReply, arrival: Arrival): void {
    this.note(arrival, 'replayed', requestId);
    const { response } = arrival;
    if (response.destroyed) return;
    response.writeHead(status, { ...headers, ...replayHeaders(requestId) });
    response.end(body);
  }

  private note({ record }: Arrival, outcome: 'joined' | 'replayed', requestId: string): void {
    this.metrics.answered(outcome);
    Object.assign(record.notes, { idempotency: outcome, original_request_id: requestId });
  }

  private conflict(): IdempotencyConflictError {
    this.metrics.answered('conflict');
    return new IdempotencyConflictError();
  }

  private inProgress(): IdempotencyInProgressError {
    this.metrics.answered('in_progress');
    return new IdempotencyInProgressError();
  }

  private channelTo(target: ConstructorParameters<typeof ReplyChannel>[0]): ReplyChannel {
    return new ReplyChannel(target, this.env.STREAM_KEEP_ALIVE_MS);
  }
}

function replayHeaders(requestId: string): Record<string, string> {
  return { 'idempotent-replayed': 'true', 'x-gatewayz-original-request-id': requestId };
}
