import { Injectable } from '@nestjs/common';
import type { ChatCall, ChatReply, ChatStreamDecoder } from '../../providers/dialect.js';
import { ClientGoneError } from '../../platform/errors/request-errors.js';
import { UpstreamClient, type UpstreamRequest } from '../../providers/services/upstream-client.js';
import { EmptyReplyError, InBandFailureError, UpstreamCutError } from '../../providers/upstream-errors.js';
import type { UpstreamExchange } from '../../providers/upstream-exchange.js';
import { readRefusal } from '../../providers/upstream-refusal.js';
import type { Attempt } from '../attempt.js';
import type { InferenceCall } from '../inference-call.js';
import type { StreamFormat } from '../reply-format.js';
import { OpenStream } from '../open-stream.js';

/** One attempt, and the most that the model may write in it when that is less than the caller asked for. */
export interface PlannedAttempt {
  readonly attempt: Attempt;
  readonly outputLimit: number | undefined;
}

/** Makes one attempt: asks one provider, and gives back a reply that has proven good, or throws. */
@Injectable()
export class UpstreamCalls {
  constructor(private readonly client: UpstreamClient) {}

  /** A whole reply. @throws UpstreamError, ClientGoneError */
  async whole(call: InferenceCall, planned: PlannedAttempt): Promise<ChatReply> {
    const { attempt } = planned;
    const { provider } = attempt.offer.connected;
    const exchange = await this.send(call, planned);
    const reply = provider.dialect.chatReply(await exchange.whole(), chatCall(call, planned), provider);
    attempt.firstTokenAt = performance.now();
    attempt.endedAt = attempt.firstTokenAt;
    const { choices } = reply.document.value;
    if (Array.isArray(choices) && choices.length === 0) {
      attempt.wastedUsage = reply.usage;
      throw new EmptyReplyError(provider.id);
    }
    return reply;
  }

  /** A stream whose first token has come. @throws UpstreamError, ClientGoneError */
  async open(call: InferenceCall, planned: PlannedAttempt, format: StreamFormat): Promise<OpenStream> {
    const { attempt } = planned;
    const { provider } = attempt.offer.connected;
    const exchange = await this.send(call, planned);
    const decoder = provider.dialect.chatStream(chatCall(call, planned), provider);
    attempt.decoder = decoder;
    const held: Buffer[] = [];
    while (!decoder.hasContent) {
      const piece = await exchange.next();
      if (piece) held.push(...decoder.decode(piece, format.rewrite));
      const failure = failureOf(decoder, { isAtEnd: !piece, providerId: provider.id });
      if (!failure) continue;
      attempt.wastedUsage = decoder.usage;
      throw exchange.abandoned(failure);
    }
    exchange.firstToken();
    attempt.firstTokenAt = performance.now();
    return new OpenStream({ providerId: provider.id, exchange, decoder, format, held });
  }

  private async send(call: InferenceCall, planned: PlannedAttempt): Promise<UpstreamExchange> {
    // Another attempt for somebody who has left would only cost.
    if (call.channel.isGone) throw new ClientGoneError();
    const { attempt } = planned;
    const { provider, baseUrl, headers, signer, deadlines } = attempt.offer.connected;
    const { path, body } = provider.dialect.chatRequest(chatCall(call, planned), provider);
    const request = {
      method: 'POST',
      url: baseUrl + path,
      headers: {
        'content-type': 'application/json',
        accept: call.isStream ? 'text/event-stream' : 'application/json',
        ...headers,
        ...forwarded(call, provider.forwardedHeaders),
      },
      body,
      providerId: provider.id,
      deadlines,
      onLeave: (listener) => {
        call.channel.onLeave(listener);
        attempt.signal?.addEventListener('abort', listener);
      },
      billsWhenCancelled: call.isStream && provider.billsWhenCancelled === true,
    } satisfies UpstreamRequest;
    if (signer) Object.assign(request.headers, await signer.headersFor(request));
    const exchange = await this.client.send(request);
    attempt.respondedAt = performance.now();
    if (exchange.status !== 200) throw await readRefusal(exchange, provider);
    return exchange;
  }
}

function chatCall(call: InferenceCall, { attempt, outputLimit }: PlannedAttempt): ChatCall {
  const { request, isStream, record } = call;
  const createdAt = Math.floor(Date.now() / 1000);
  return { request, nativeModel: attempt.offer.nativeId, isStream, outputLimit, requestId: record.id, createdAt };
}

function forwarded(call: InferenceCall, names: readonly string[] | undefined): Record<string, string> | undefined {
  if (!names) return undefined;
  const given = names.map((name) => [name, call.clientHeaders[name]] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** Why a stream will have no content; undefined while it may still have some. */
function failureOf(decoder: ChatStreamDecoder, { isAtEnd, providerId }: StreamSoFar): Error | undefined {
  if (decoder.hasContent) return undefined;
  if (decoder.failure) return new InBandFailureError(decoder.failure);
  if (decoder.isOver || (isAtEnd && decoder.isTerminated)) return new EmptyReplyError(providerId);
  return isAtEnd ? new UpstreamCutError(providerId) : undefined;
}

interface StreamSoFar {
  readonly isAtEnd: boolean;
  readonly providerId: string;
}
