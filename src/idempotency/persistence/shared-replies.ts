import type { Env } from '../../config/env.js';
import type { RedisScript } from '../../platform/redis/redis-script.js';
import type { RedisService } from '../../platform/redis/redis.service.js';
import {
  AWAITED_MS,
  LEASE_MS,
  sizeOf,
  type Claim,
  type ReplyStore,
  type StoredReply,
  type Ticket,
} from '../reply-store.js';
import { CLAIM, ENTER, KEEP, RELEASE, RENEW } from './scripts.js';

const PREFIX = 'gatewayz:idempotency:';
const LIST = [`${PREFIX}{kept}:list`, `${PREFIX}{kept}:bytes`];

/** What all gateways that share a Redis remember together. */
export class SharedReplies implements ReplyStore {
  constructor(
    private readonly redis: RedisService,
    private readonly env: Pick<Env, 'IDEMPOTENCY_TTL_MS' | 'IDEMPOTENCY_TOTAL_BYTES'>,
  ) {}

  async claim(ticket: Ticket): Promise<Claim> {
    const { fingerprint, owner } = ticket;
    const outcome = await this.run(CLAIM, ticket, [fingerprint, owner, LEASE_MS, Date.now()]);
    if (outcome === 'claimed' || outcome === 'conflict') return { outcome };
    const reply = outcome === 'stored' ? await this.read(ticket) : undefined;
    return reply ? { outcome: 'stored', reply } : { outcome: 'running' };
  }

  async renew(ticket: Ticket): Promise<boolean> {
    const { fingerprint, owner } = ticket;
    const awaitedAt = await this.run(RENEW, ticket, [fingerprint, owner, LEASE_MS]);
    return Date.now() - Number(awaitedAt) <= AWAITED_MS;
  }

  async keep(ticket: Ticket, reply: StoredReply): Promise<void> {
    const { fingerprint, owner } = ticket;
    const { status, headers, body, requestId } = reply;
    const values = [status, JSON.stringify(headers), body.toString('utf8'), requestId];
    const isKept = await this.run(KEEP, ticket, [fingerprint, owner, this.env.IDEMPOTENCY_TTL_MS, ...values]);
    if (isKept === 1) await this.enter(ticket.id, sizeOf(reply));
  }

  async release(ticket: Ticket): Promise<void> {
    await this.run(RELEASE, ticket, [ticket.owner]);
  }

  /** Redis holds money too, so what is only convenient has a limit there of its own. */
  private async enter(id: string, size: number): Promise<void> {
    const { IDEMPOTENCY_TTL_MS: ttlMs, IDEMPOTENCY_TOTAL_BYTES: limit } = this.env;
    const gone = await this.redis.ask((redis) => ENTER.run(redis, LIST, [id, size, limit, Date.now(), ttlMs]));
    for (const other of Array.isArray(gone) ? gone : []) {
      await this.redis.ask((redis) => redis.unlink(keyOf(String(other))));
    }
  }

  private async read({ id }: Ticket): Promise<StoredReply | undefined> {
    const fields = await this.redis.ask((redis) => redis.hmget(keyOf(id), 'status', 'headers', 'body', 'request_id'));
    const [status, headers, body, requestId] = fields;
    // It expired between the two questions.
    if (!status || !headers || !requestId) return undefined;
    const read = JSON.parse(headers) as StoredReply['headers'];
    return { requestId, status: Number(status), headers: read, body: Buffer.from(body ?? '') };
  }

  private run(script: RedisScript, { id }: Ticket, values: readonly (string | number)[]): Promise<unknown> {
    return this.redis.ask((redis) => script.run(redis, [keyOf(id)], values));
  }
}

function keyOf(id: string): string {
  return `${PREFIX}{${id}}`;
}
