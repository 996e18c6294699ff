import type { NanoDollars } from '../platform/money/nano-dollars.js';
import type { JsonObject } from '../platform/json/json-document.js';
import type { TokenUsage } from '../providers/token-usage.js';

/** How a call ended: whole, left by the client, or broken by the provider. */
export type CallStatus = 'completed' | 'cancelled' | 'failed';

/** Where the figures come from: the provider, our own count, or nowhere, when there was nothing to count. */
export type TokenSource = 'provider' | 'counted' | 'none';

/** What one call used and cost. Written once, whatever happened; unique by request id from here to the database. */
export interface UsageRecord {
  readonly requestId: string;
  readonly userId: string;
  readonly apiKeyId: string;
  readonly modelId: string;
  readonly providerId: string;
  readonly endpoint: string;
  readonly status: CallStatus;
  readonly isStream: boolean;
  readonly attempts: number;
  readonly usage: TokenUsage;
  readonly tokenSource: TokenSource;
  /** What the call is worth to the caller; what it pays may be less, never more. */
  readonly creditsUsed: NanoDollars;
  /** What the provider charges us. */
  readonly cost: NanoDollars;
  readonly durationMs: number;
  /** From the call to the first token that its caller got. */
  readonly firstTokenMs: number | undefined;
  /** What happened on the way, where there is more to tell than one attempt. */
  readonly trace: JsonObject | undefined;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}
