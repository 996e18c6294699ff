import { GatewayError, type ErrorKind } from '../platform/errors/gateway-error.js';
import type { UpstreamError } from '../providers/upstream-errors.js';
import { retryHeaders } from '../providers/upstream-status-error.js';
import type { PassedOver } from './call-account.js';
import { providerIdOf } from './routing/candidate.js';

/** What a client is told to wait when nobody says how long. */
const USUAL_WAIT_MS = 1_000;

/** Every provider that may serve the call was tried, or as many as the retry budget allowed. */
export class AllProvidersFailedError extends GatewayError {
  override readonly name = 'AllProvidersFailedError';
  readonly kind: ErrorKind;
  readonly code: string;
  override readonly headers: Readonly<Record<string, string>>;

  constructor(failures: readonly UpstreamError[]) {
    const [first] = failures;
    const isAlike = failures.every(({ kind }) => kind === first?.kind);
    const waits = failures.map(({ retryAfterMs }) => retryAfterMs ?? USUAL_WAIT_MS);
    super(failures.map(({ message }) => message).join(' '), { cause: failures.at(-1) });
    // When all failed alike, that is the answer; else it is a failure of providers.
    this.kind = isAlike && first ? first.kind : 'upstream_failed';
    this.code = isAlike && first ? first.code : 'provider_error';
    this.headers = this.kind === 'rate_limited' ? retryHeaders(Math.min(...waits)) : {};
  }
}

/** All that may serve the call are known to fail at the moment, so nobody was asked. */
export class NoProviderReadyError extends GatewayError {
  override readonly name = 'NoProviderReadyError';
  readonly kind: ErrorKind;
  readonly code: string;
  override readonly headers: Readonly<Record<string, string>>;

  constructor(passedOver: readonly PassedOver[], waitMs = USUAL_WAIT_MS) {
    const ids = [...new Set(passedOver.map(providerIdOf))].join(', ');
    super(`No provider can serve this request at the moment (${ids}). Try again later.`);
    const isBusy = passedOver.every(({ reason }) => reason === 'paused');
    this.kind = isBusy ? 'rate_limited' : 'no_provider';
    this.code = isBusy ? 'upstream' : 'no_provider_available';
    this.headers = retryHeaders(waitMs);
  }
}
