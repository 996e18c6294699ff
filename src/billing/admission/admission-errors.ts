import { GatewayError, type ErrorKind } from '../../platform/errors/gateway-error.js';
import type { Refusal, RefusalReason } from './admission-request.js';
import { rateHeaders } from './rate-headers.js';

const MESSAGES: Record<RefusalReason, string> = {
  requests: 'This API key has made as many requests as it may in a minute.',
  tokens: 'This API key has used as many tokens as it may in a minute.',
  concurrency: 'This API key has as many calls running as it may.',
  budget: 'The budget of this API key does not pay for this call.',
  credits: 'Your credits do not pay for this call. Add credits, or ask for fewer tokens.',
};

/** The call may not begin: a limit, a budget or the balance does not allow it. */
export class AdmissionRefusedError extends GatewayError {
  override readonly name = 'AdmissionRefusedError';
  readonly kind: ErrorKind;
  readonly code: string;
  override readonly headers: Readonly<Record<string, string>>;

  constructor({ reason, retryAfterMs, rates }: Refusal) {
    super(MESSAGES[reason]);
    this.kind = reason === 'credits' ? 'insufficient_credits' : 'rate_limited';
    this.code = reason === 'credits' ? 'insufficient_credits' : reason;
    this.headers = { ...rateHeaders(rates), ...retryAdvice(reason, retryAfterMs) };
  }
}

/** The balance paid for what was written so far, and not for more. */
export class CreditsExhaustedError extends GatewayError {
  override readonly name = 'CreditsExhaustedError';
  readonly kind = 'insufficient_credits';
  readonly code = 'insufficient_credits';

  constructor() {
    super('The credits, budget or token limit of this API key ended before the reply did.');
  }
}

/** SDKs try again at once where waiting helps; a budget's renewal is too far away for that. */
function retryAdvice(reason: RefusalReason, retryAfterMs: number | undefined): Record<string, string> {
  const isWorthwhile = retryAfterMs !== undefined && reason !== 'budget';
  return {
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    ...(isWorthwhile && { 'retry-after-ms': String(Math.ceil(retryAfterMs)) }),
    ...(!isWorthwhile && { 'x-should-retry': 'false' }),
  };
}
