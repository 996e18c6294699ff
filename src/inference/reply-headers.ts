import { formatDollars } from '../platform/money/nano-dollars.js';
import type { ReplyHeaders } from '../platform/http/reply-channel.js';
import type { Bill } from './bill.js';
import type { Attempt } from './attempt.js';
import type { CallAccount } from './call-account.js';
import type { InferenceCall } from './inference-call.js';

/** What a reply tells of its way: which provider and model, how many attempts, and our own share of the time. */
export function replyHeaders(call: InferenceCall, account: CallAccount, bill?: Bill): ReplyHeaders {
  const { last, attempts } = account;
  return {
    'x-gatewayz-model': account.modelId,
    'x-gatewayz-attempts': String(attempts.length),
    'x-gatewayz-overhead-ms': overheadMs(call, account).toFixed(1),
    ...(last && ofAttempt(last, call)),
    ...(bill && { 'x-gatewayz-cost': formatDollars(bill.credits) }),
  };
}

function ofAttempt({ offer }: Attempt, { request }: InferenceCall): ReplyHeaders {
  const { provider } = offer.connected;
  const dropped = provider.dialect.dropped(request.value, provider);
  const headers = { 'x-gatewayz-provider': provider.id };
  return dropped.length === 0 ? headers : { ...headers, 'x-gatewayz-dropped-params': dropped.join(',') };
}

/** The time since the request that no provider accounts for. */
function overheadMs(call: InferenceCall, { attempts }: CallAccount): number {
  const now = performance.now();
  const upstreamMs = attempts.reduce(
    (sum, { startedAt, firstTokenAt, endedAt }) => sum + (firstTokenAt ?? endedAt ?? now) - startedAt,
    0,
  );
  return Math.max(now - call.record.startedAt - upstreamMs, 0);
}
