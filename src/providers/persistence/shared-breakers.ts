import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import type { Pause } from '../breaker/pause.js';

const CHANNEL = 'gatewayz:breakers';
const PREFIX = 'gatewayz:breaker:';

interface AboutOffer {
  readonly providerId: string;
  readonly modelId: string;
}

/** What a gateway tells the others. Times are milliseconds since 1970. */
export type BreakerNews =
  /** A breaker opened. */
  | (AboutOffer & { readonly kind: 'opened'; readonly until: number })
  /** Probes succeeded. */
  | (AboutOffer & { readonly kind: 'closed' })
  /** How an attempt ended. */
  | (AboutOffer & { readonly kind: 'ended'; readonly outcome: 'success' | 'fault' })
  /** An offer is no use for a while. */
  | (AboutOffer & { readonly kind: 'paused' } & Pause)
  /** An administrator wants a provider to be asked again. */
  | { readonly kind: 'reset'; readonly providerId: string };

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
      await keep(redis, news, message);
      await redis.publish(CHANNEL, message);
    });
    await telling.catch(ignoreAbsence);
  }

  /** Calls the listener with what others tell, and with what they told while this gateway did not hear them. */
  hear(listener: (news: BreakerNews) => void): void {
    if (!this.redis.isConfigured) return;
    const take = (text: string): void => {
      const message = JSON.parse(text) as Message;
      if (message.from !== this.self) listener(message);
    };
    this.redis.listen(CHANNEL, take);
    this.redis.whenUp(() => void this.recall(take));
  }

  private async recall(take: (text: string) => void): Promise<void> {
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

/** For gateways that start, or find Redis again, while a breaker is open. */
async function keep(redis: Redis, news: BreakerNews, message: string): Promise<void> {
  if (news.kind !== 'opened' && news.kind !== 'closed') return;
  const key = `${PREFIX}${news.providerId}:${news.modelId}`;
  const lifetimeMs = news.kind === 'opened' ? Math.ceil(news.until - Date.now()) : 0;
  if (lifetimeMs > 0) await redis.set(key, message, 'PX', lifetimeMs);
  else await redis.del(key);
}

function ignoreAbsence(error: unknown): [] {
  if (!(error instanceof RedisUnavailableError)) throw error;
  return [];
}
