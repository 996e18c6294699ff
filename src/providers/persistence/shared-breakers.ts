import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisService } from '../../platform/redis/redis.service.js';

const CHANNEL = 'gatewayz:breakers';
const PREFIX = 'gatewayz:breaker:';

/** What a gateway tells the others of an offer. */
export type BreakerNews = {
  readonly providerId: string;
  readonly modelId: string;
} & (
  | {
      /** Milliseconds since 1970 until which its breaker is open; 0 when it closed. */
      readonly openUntil: number;
    }
  | {
      /** How an attempt ended. */
      readonly outcome: 'success' | 'fault';
    }
);

type Message = BreakerNews & { readonly from: string };

/** What gateways tell each other of offers that fail: at once by a message, and to those that start later by a key. */
@Injectable()
export class SharedBreakers {
  private readonly self = randomUUID();

  constructor(private readonly redis: RedisService) {}

  /** Nothing is lost when Redis is away: each gateway then finds out by itself. */
  async tell(news: BreakerNews): Promise<void> {
    if (this.redis.state !== 'up') return;
    const message = JSON.stringify({ ...news, from: this.self } satisfies Message);
    const telling = this.redis.ask(async (redis) => {
      if ('openUntil' in news) await keep(redis, news, message);
      await redis.publish(CHANNEL, message);
    });
    await telling.catch(ignoreAbsence);
  }

  /** Calls the listener with what others tell, and with what they told before. */
  async hear(listener: (news: BreakerNews) => void): Promise<void> {
    if (!this.redis.isConfigured) return;
    const take = (text: string): void => {
      const message = JSON.parse(text) as Message;
      if (message.from !== this.self) listener(message);
    };
    this.redis.listen(CHANNEL, take);
    for (const text of await this.known().catch(ignoreAbsence)) take(text);
  }

  private known(): Promise<string[]> {
    return this.redis.ask(async (redis) => {
      const texts: string[] = [];
      for await (const names of redis.scanStream({ match: `${PREFIX}*`, count: 500 })) {
        const keys = names as string[];
        if (keys.length > 0) texts.push(...(await redis.mget(keys)).filter((text) => text !== null));
      }
      return texts;
    });
  }
}

/** For gateways that start while it is open. */
async function keep(redis: Redis, news: BreakerNews & { readonly openUntil: number }, message: string): Promise<void> {
  const key = `${PREFIX}${news.providerId}:${news.modelId}`;
  const lifetimeMs = Math.ceil(news.openUntil - Date.now());
  if (lifetimeMs > 0) await redis.set(key, message, 'PX', lifetimeMs);
  else await redis.del(key);
}

function ignoreAbsence(error: unknown): [] {
  if (!(error instanceof RedisUnavailableError)) throw error;
  return [];
}
