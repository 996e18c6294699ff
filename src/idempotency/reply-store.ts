/** A reply that is final, as every retry gets it. */
export interface StoredReply {
  /** The request that was answered, and charged. */
  readonly requestId: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A request with an Idempotency-Key. */
export interface Ticket {
  /** A hash of the caller's API key and the Idempotency-Key. */
  readonly id: string;
  /** A hash of what is asked. */
  readonly fingerprint: string;
  /** Whoever would make the call. */
  readonly owner: string;
}

export type Claim =
  /** Nobody has: the call is the claimant's to make, and to renew until it is kept or released. */
  | { readonly outcome: 'claimed' }
  /** Somebody is making the call. */
  | { readonly outcome: 'running' }
  | { readonly outcome: 'stored'; readonly reply: StoredReply }
  /** The key stands for another request. */
  | { readonly outcome: 'conflict' };

/** Which requests are being answered and which have been. One contract, in memory and in Redis. */
export interface ReplyStore {
  claim(ticket: Ticket): Promise<Claim>;
  /** Keeps a claim from expiring. Whether anybody asked for the same meanwhile, on another gateway. */
  renew(ticket: Ticket): Promise<boolean>;
  /** Ends a claim with its reply, unless somebody else claimed it since. */
  keep(ticket: Ticket, reply: StoredReply): Promise<void>;
  /** Ends a claim without a reply: the next one may try. */
  release(ticket: Ticket): Promise<void>;
}

export const REPLY_STORE = Symbol('REPLY_STORE');

/** A gateway that does not renew a claim for so long is taken for dead. */
export const LEASE_MS = 10_000;
/** Who waits asks again at least this often; who has not asked for longer has gone. */
export const AWAITED_MS = 3_000;

export function sizeOf({ headers, body }: StoredReply): number {
  return JSON.stringify(headers).length + body.length;
}
