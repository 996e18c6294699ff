import type { ErrorKind } from '../platform/errors/gateway-error.js';
import type { FailureDetails } from './dialect.js';
import { UpstreamError } from './upstream-errors.js';

interface Meaning {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly isRetryable: boolean;
  readonly reason: string;
}

const ACCOUNT_TROUBLE: Meaning = {
  kind: 'upstream_failed',
  code: 'provider_error',
  isRetryable: true,
  reason: 'account',
};
/** 401, 402, 403 and 404 are troubles of our own account, or a model that the provider dropped: never the caller's. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: ACCOUNT_TROUBLE,
  402: ACCOUNT_TROUBLE,
  403: ACCOUNT_TROUBLE,
  404: { kind: 'upstream_failed', code: 'provider_error', isRetryable: true, reason: 'model_gone' },
  408: { kind: 'upstream_timeout', code: 'provider_timeout', isRetryable: true, reason: 'timeout' },
  409: { kind: 'upstream_failed', code: 'provider_error', isRetryable: true, reason: 'conflict' },
  413: { kind: 'too_large', code: 'request_too_large', isRetryable: false, reason: 'request' },
  429: { kind: 'rate_limited', code: 'upstream', isRetryable: true, reason: 'rate_limited' },
  504: { kind: 'upstream_timeout', code: 'provider_timeout', isRetryable: true, reason: 'timeout' },
  529: { kind: 'rate_limited', code: 'upstream', isRetryable: true, reason: 'rate_limited' },
};
const SERVER_FAULT: Meaning = { kind: 'upstream_failed', code: 'provider_error', isRetryable: true, reason: 'status' };
const CALLERS_FAULT: Meaning = {
  kind: 'invalid_request',
  code: 'invalid_request',
  isRetryable: false,
  reason: 'request',
};

export interface StatusFailure {
  readonly providerId: string;
  readonly status: number;
  readonly details: FailureDetails | undefined;
  readonly retryAfterMs: number | undefined;
}

/** The provider answered with a status that is not a success. */
export class UpstreamStatusError extends UpstreamError {
  override readonly name = 'UpstreamStatusError';
  readonly kind: ErrorKind;
  override readonly code: string;
  override readonly isRetryable: boolean;
  readonly reason: string;
  readonly status: number;
  override readonly param: string | null;
  override readonly type: string | undefined;
  override readonly headers: Readonly<Record<string, string>>;
  override readonly retryAfterMs: number | undefined;
  override readonly isContextOverflow: boolean;

  constructor({ providerId, status, details, retryAfterMs }: StatusFailure) {
    const meaning = meaningOf(status, details);
    // What the caller did wrong is told in the provider's own words; everything else in ours.
    const told = meaning.isRetryable ? undefined : details;
    super(messageOf(told, `${providerId} answered ${status}.`), { cause: details?.message });
    this.kind = meaning.kind;
    this.isRetryable = meaning.isRetryable;
    this.reason = meaning.reason;
    this.status = status;
    const { code, param = null, type } = told ?? {};
    this.code = code ?? meaning.code;
    this.param = param;
    this.type = type ?? undefined;
    this.retryAfterMs = retryAfterMs;
    this.isContextOverflow = !meaning.isRetryable && details !== undefined && saysTooLong(details);
    this.headers = headersOf(meaning, retryAfterMs);
  }
}

/** OpenAI's SDKs read the milliseconds first; everybody reads the seconds. */
export function retryHeaders(waitMs: number): Record<string, string> {
  return { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(Math.ceil(waitMs)) };
}

/** OpenAI has a code for it; others have only words. */
function saysTooLong({ code, message }: FailureDetails): boolean {
  return (
    code === 'context_length_exceeded' ||
    /context (?:length|window|size)|maximum context|prompt is too long|too many (?:input )?tokens|input token count/i.test(
      message,
    )
  );
}

function messageOf(told: FailureDetails | undefined, otherwise: string): string {
  return told?.message ?? otherwise;
}

function headersOf({ kind }: Meaning, retryAfterMs = 1000): Record<string, string> {
  return kind === 'rate_limited' ? retryHeaders(retryAfterMs) : {};
}

function meaningOf(status: number, details: FailureDetails | undefined): Meaning {
  if (details?.isAccountTrouble) return ACCOUNT_TROUBLE;
  return MEANINGS[status] ?? (status >= 500 || status < 400 ? SERVER_FAULT : CALLERS_FAULT);
}
