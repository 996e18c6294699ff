import { GatewayError, type ErrorKind } from '../platform/errors/gateway-error.js';
import { describeError, errorBody } from '../platform/http/error-description.js';
import type { RequestRecord } from '../platform/http/request-record.js';
import type { Ticket, StoredReply } from './reply-store.js';
import type { RunningReply } from './running-reply.js';

/** Failures that lie in the request alone: the same request would meet them again. */
const REPEATING: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['invalid_request', 'too_large']);

/** A call that somebody is waiting for, or several. */
export class RunningCall {
  /** Why it failed before its reply began. */
  failure: unknown;
  readonly outcome: Promise<void>;
  hasEnded = false;
  /** After its outcome: the store knows, too, and the call is forgotten here. */
  readonly over: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(
    readonly ticket: Ticket,
    readonly record: RequestRecord,
    readonly reply: RunningReply,
    run: () => Promise<void>,
  ) {
    this.outcome = run()
      .catch((error: unknown) => {
        this.failure = error;
        throw error;
      })
      .finally(() => {
        this.hasEnded = true;
      });
  }

  /** It came to nothing that a retry should get. */
  get isLost(): boolean {
    const { reply, record, failure } = this;
    const isCancelled = reply.closed && !reply.writableFinished;
    // A stream that broke has begun as a success.
    return isCancelled || failure !== undefined || (reply.writableFinished && record.exception !== undefined);
  }

  /** What a retry gets, if that is final. */
  get finalReply(): StoredReply | undefined {
    const { failure, reply, record } = this;
    if (failure instanceof GatewayError && REPEATING.has(failure.kind)) return refusal(failure, record.id);
    const written = this.isLost ? undefined : reply.written;
    if (written?.status !== 200) return undefined;
    const headers = Object.entries(written.headers).map(([name, value]) => [name, String(value)] as const);
    return { requestId: record.id, status: 200, headers: Object.fromEntries(headers), body: written.body };
  }
}

/** As the error filter tells it. */
function refusal(error: GatewayError, requestId: string): StoredReply {
  const description = describeError(error);
  const body = Buffer.from(JSON.stringify(errorBody(description, requestId)));
  const headers = { ...description.headers, 'content-type': 'application/json; charset=utf-8' };
  return { requestId, status: description.status, headers, body };
}
