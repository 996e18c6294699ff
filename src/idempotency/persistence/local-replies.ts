import { LRUCache } from 'lru-cache';
import type { Env } from '../../config/env.js';
import {
  AWAITED_MS,
  LEASE_MS,
  sizeOf,
  type Claim,
  type ReplyStore,
  type StoredReply,
  type Ticket,
} from '../reply-store.js';

interface RunningClaim extends Ticket {
  expiresAt: number;
  awaitedAt: number;
}

interface KeptReply {
  readonly fingerprint: string;
  readonly reply: StoredReply;
}

/** What one gateway by itself remembers. */
export class LocalReplies implements ReplyStore {
  private readonly claims = new Map<string, RunningClaim>();
  private readonly kept: LRUCache<string, KeptReply>;

  constructor(env: Pick<Env, 'IDEMPOTENCY_TTL_MS' | 'IDEMPOTENCY_TOTAL_BYTES'>) {
    this.kept = new LRUCache({
      // Zero would be without limit.
      maxSize: Math.max(env.IDEMPOTENCY_TOTAL_BYTES, 1),
      sizeCalculation: ({ reply }) => sizeOf(reply),
      ttl: env.IDEMPOTENCY_TTL_MS,
    });
  }

  claim(ticket: Ticket): Promise<Claim> {
    return Promise.resolve(this.claimNow(ticket));
  }

  renew(ticket: Ticket): Promise<boolean> {
    const claim = this.claims.get(ticket.id);
    if (claim && claim.owner !== ticket.owner) return Promise.resolve(false);
    const awaitedAt = claim?.awaitedAt ?? Number.NEGATIVE_INFINITY;
    this.claims.set(ticket.id, { ...ticket, expiresAt: Date.now() + LEASE_MS, awaitedAt });
    return Promise.resolve(Date.now() - awaitedAt <= AWAITED_MS);
  }

  keep(ticket: Ticket, reply: StoredReply): Promise<void> {
    const { id, fingerprint, owner } = ticket;
    const claim = this.claims.get(id);
    if (claim ? claim.owner === owner : !this.kept.has(id)) this.kept.set(id, { fingerprint, reply });
    return this.release(ticket);
  }

  release({ id, owner }: Ticket): Promise<void> {
    if (this.claims.get(id)?.owner === owner) this.claims.delete(id);
    return Promise.resolve();
  }

  private claimNow(ticket: Ticket): Claim {
    const { id, fingerprint } = ticket;
    const kept = this.kept.get(id);
    const running = this.claims.get(id);
    const known = kept ?? (running && running.expiresAt > Date.now() ? running : undefined);
    if (!known) {
      this.claims.set(id, { ...ticket, expiresAt: Date.now() + LEASE_MS, awaitedAt: Number.NEGATIVE_INFINITY });
      return { outcome: 'claimed' };
    }
    if (known.fingerprint !== fingerprint) return { outcome: 'conflict' };
    if (kept) return { outcome: 'stored', reply: kept.reply };
    if (running) running.awaitedAt = Date.now();
    return { outcome: 'running' };
  }
}
