import { GatewayError } from '../platform/errors/gateway-error.js';
import type { FailureDetails } from './dialect.js';

/** A provider did not answer as it should. The words are the gateway's; the cause is for the log. */
export abstract class UpstreamError extends GatewayError {
  readonly code: string = 'provider_error';
  /** Another provider may do better: the request itself is not at fault. */
  readonly isRetryable: boolean = true;
  /** What the provider asked us to wait. */
  readonly retryAfterMs: number | undefined = undefined;
  /** One of a bounded set, for metrics. */
  abstract readonly reason: string;
  /** The prompt is longer than the model reads; another model may read it. */
  readonly isContextOverflow: boolean = false;

  /** It failed at what it should be able to do, so that it may well fail again. */
  get isProvidersFault(): boolean {
    return !NOT_ITS_FAULT.has(this.reason);
  }
}

/** Too many calls, troubles of our own account there, and requests that nobody could serve. */
const NOT_ITS_FAULT = new Set(['rate_limited', 'account', 'model_gone', 'conflict', 'request']);

export class UpstreamConnectError extends UpstreamError {
  override readonly name = 'UpstreamConnectError';
  readonly kind = 'upstream_failed';
  readonly reason = 'connect';

  constructor(providerId: string, options?: ErrorOptions) {
    super(`${providerId} could not be reached.`, options);
  }
}

/** We have no valid credentials for the provider: our trouble, never the caller's. */
export class UpstreamCredentialsError extends UpstreamError {
  override readonly name = 'UpstreamCredentialsError';
  readonly kind = 'upstream_failed';
  readonly reason = 'account';

  constructor(providerId: string, options?: ErrorOptions) {
    super(`${providerId} gave no access.`, options);
  }
}

/** The connection broke, or the stream ended without its terminal event. */
export class UpstreamCutError extends UpstreamError {
  override readonly name = 'UpstreamCutError';
  readonly kind = 'upstream_failed';
  readonly reason = 'cut';

  constructor(providerId: string, options?: ErrorOptions) {
    super(`${providerId} broke off before the reply was complete.`, options);
  }
}

export type DeadlineName = 'first_token' | 'idle' | 'total';

export class UpstreamTimeoutError extends UpstreamError {
  override readonly name = 'UpstreamTimeoutError';
  readonly kind = 'upstream_timeout';
  override readonly code = 'provider_timeout';
  readonly reason = 'timeout';

  constructor(
    providerId: string,
    readonly deadline: DeadlineName,
  ) {
    super(`${providerId} did not answer in time (${deadline.replace('_', ' ')}).`);
  }
}

/** The provider answered, but not what its dialect says. */
export class UndecodableReplyError extends UpstreamError {
  override readonly name = 'UndecodableReplyError';
  readonly kind = 'upstream_failed';
  readonly reason = 'undecodable';
}

/** A success without any content. */
export class EmptyReplyError extends UpstreamError {
  override readonly name = 'EmptyReplyError';
  readonly kind = 'upstream_failed';
  readonly reason = 'empty';

  constructor(providerId: string) {
    super(`${providerId} answered without any content.`);
  }
}

/** The provider reported a failure inside a reply whose status was 200. */
export class InBandFailureError extends UpstreamError {
  override readonly name = 'InBandFailureError';
  readonly kind = 'upstream_failed';
  readonly reason = 'in_band';

  constructor(readonly details: FailureDetails) {
    super('The provider reported a failure inside its reply.', { cause: details.message });
  }
}
