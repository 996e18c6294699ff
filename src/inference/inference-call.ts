import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../auth/caller.js';
import type { ReplyChannel } from '../platform/http/reply-channel.js';
import type { RequestRecord } from '../platform/http/request-record.js';
import type { JsonDocument } from '../platform/json/json-document.js';

/** One call of a model, as a wire format hands it to the pipeline: a chat request in OpenAI's shape, and the way back. */
export interface InferenceCall {
  /** The route's template, for metrics and records. */
  readonly endpoint: string;
  readonly caller: Caller;
  /** The name that the caller used. */
  readonly model: string;
  readonly request: JsonDocument;
  readonly isStream: boolean;
  readonly clientHeaders: IncomingHttpHeaders;
  readonly record: RequestRecord;
  readonly channel: ReplyChannel;
}
