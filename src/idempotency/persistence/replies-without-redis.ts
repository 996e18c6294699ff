import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import type { Claim, ReplyStore, StoredReply, Ticket } from '../reply-store.js';

/** `REDIS_FAILURE=open`: while Redis is away each gateway remembers by itself, and what two of them get runs twice. */
export class RepliesWithoutRedis implements ReplyStore {
  constructor(
    private readonly shared: ReplyStore,
    private readonly local: ReplyStore,
  ) {}

  claim(ticket: Ticket): Promise<Claim> {
    return this.shared.claim(ticket).catch(onAbsence(() => this.local.claim(ticket)));
  }

  renew(ticket: Ticket): Promise<boolean> {
    return this.shared.renew(ticket).catch(onAbsence(() => this.local.renew(ticket)));
  }

  /** Redis may have come back since the claim, or gone: whoever answers keeps it, and the claim ends here anyway. */
  async keep(ticket: Ticket, reply: StoredReply): Promise<void> {
    await this.shared.keep(ticket, reply).catch(onAbsence(() => this.local.keep(ticket, reply)));
    await this.local.release(ticket);
  }

  async release(ticket: Ticket): Promise<void> {
    await this.local.release(ticket);
    await this.shared.release(ticket).catch(onAbsence(() => Promise.resolve()));
  }
}

function onAbsence<Answer>(otherwise: () => Promise<Answer>): (error: unknown) => Promise<Answer> {
  return (error) => {
    if (error instanceof RedisUnavailableError) return otherwise();
    throw error;
  };
}
