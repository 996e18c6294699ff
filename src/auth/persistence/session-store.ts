import { Inject, Injectable } from '@nestjs/common';
import type { LRUCache } from 'lru-cache';
import { ENV, type Env } from '../../config/env.js';
import { growingCache } from '../../platform/cache/growing-cache.js';
import { RedisService } from '../../platform/redis/redis.service.js';

const MOST_SESSIONS = 100_000;

/**
 * Who is logged in: `sessions:{session_id}` in Redis, so that a logout holds on every gateway; else in this process,
 * where a restart ends every session (its refresh token opens it again).
 */
@Injectable()
export class SessionStore {
  private readonly own: LRUCache<string, string>;
  private readonly ttlMs: number;

  constructor(
    @Inject(ENV) env: Env,
    private readonly redis: RedisService,
  ) {
    this.ttlMs = env.SESSION_TTL_MS;
    this.own = growingCache<string>(MOST_SESSIONS, env.SESSION_TTL_MS);
  }

  /** @throws RedisUnavailableError */
  async open(sessionId: string, userId: string): Promise<void> {
    if (!this.redis.isConfigured) this.own.set(sessionId, userId);
    else await this.redis.ask((redis) => redis.set(nameOf(sessionId), userId, 'PX', this.ttlMs));
  }

  /** Whose session it is; undefined when it was closed or never opened. @throws RedisUnavailableError */
  async userOf(sessionId: string): Promise<string | undefined> {
    if (!this.redis.isConfigured) return this.own.get(sessionId);
    return (await this.redis.ask((redis) => redis.get(nameOf(sessionId)))) ?? undefined;
  }

  /** @throws RedisUnavailableError */
  async close(sessionId: string): Promise<void> {
    if (!this.redis.isConfigured) this.own.delete(sessionId);
    else await this.redis.ask((redis) => redis.del(nameOf(sessionId)));
  }
}

function nameOf(sessionId: string): string {
  return `sessions:{${sessionId}}`;
}
