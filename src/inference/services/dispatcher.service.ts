import { Injectable, Logger } from '@nestjs/common';
import { GatewayError, type ErrorKind } from '../../platform/errors/gateway-error.js';
import type { Offer } from '../../catalog/catalog-model.js';
import { UpstreamError } from '../../providers/upstream-errors.js';
import { retryHeaders } from '../../providers/upstream-status-error.js';
import type { Attempt, CallAccount } from '../call-account.js';
import { InferenceMetrics } from '../inference.metrics.js';

/** Every provider that serves the model was tried. */
export class AllProvidersFailedError extends GatewayError {
  override readonly name = 'AllProvidersFailedError';
  readonly kind: ErrorKind;
  readonly code: string;
  override readonly headers: Readonly<Record<string, string>>;

  constructor(failures: readonly UpstreamError[]) {
    const [first] = failures;
    const isAlike = failures.every(({ kind }) => kind === first?.kind);
    const waits = failures.map(({ retryAfterMs }) => retryAfterMs ?? 1000);
    super(failures.map(({ message }) => message).join(' '), { cause: failures.at(-1) });
    // When all failed alike, that is the answer; else it is a failure of providers.
    this.kind = isAlike && first ? first.kind : 'upstream_failed';
    this.code = isAlike && first ? first.code : 'provider_error';
    this.headers = this.kind === 'rate_limited' ? retryHeaders(Math.min(...waits)) : {};
  }
}

/** Goes from offer to offer until one proves good. */
@Injectable()
export class DispatcherService {
  private readonly log = new Logger(DispatcherService.name);

  constructor(private readonly metrics: InferenceMetrics) {}

  /**
   * @throws AllProvidersFailedError; the error of a provider that found the request itself at fault; ClientGoneError
   */
  async firstGood<Reply>(
    offers: readonly Offer[],
    account: CallAccount,
    ask: (attempt: Attempt) => Promise<Reply>,
  ): Promise<Reply> {
    const failures: UpstreamError[] = [];
    for (const offer of offers) {
      const attempt = account.begin(offer);
      try {
        return await ask(attempt);
      } catch (error) {
        attempt.endedAt = performance.now();
        if (!(error instanceof UpstreamError)) throw error;
        this.tell(attempt, error, account);
        if (!error.isRetryable) throw error;
        failures.push(error);
      }
      const next = offers[failures.length];
      if (next) this.metrics.failedOver(offer, next, failures.at(-1)?.reason ?? '');
    }
    throw new AllProvidersFailedError(failures);
  }

  private tell(attempt: Attempt, error: UpstreamError, account: CallAccount): void {
    const { modelId } = account;
    attempt.failure = error.reason;
    this.metrics.attemptFailed(attempt, modelId, account.endpoint);
    const { provider } = attempt.offer.connected;
    const reason = { provider: provider.id, model: modelId, reason: error.reason, cause: causeOf(error) };
    this.log.warn(reason, 'a provider failed');
  }
}

function causeOf(error: UpstreamError): string {
  const { cause } = error;
  return cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : error.message;
}
