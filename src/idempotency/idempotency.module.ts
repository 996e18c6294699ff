import { Module } from '@nestjs/common';
import { ENV, type Env } from '../config/env.js';
import { SystemMetrics } from '../platform/metrics/system.metrics.js';
import { RedisService } from '../platform/redis/redis.service.js';
import { IdempotencyMetrics } from './idempotency.metrics.js';
import { LocalReplies } from './persistence/local-replies.js';
import { RepliesWithoutRedis } from './persistence/replies-without-redis.js';
import { SharedReplies } from './persistence/shared-replies.js';
import { REPLY_STORE, type ReplyStore } from './reply-store.js';
import { IdempotencyService } from './services/idempotency.service.js';

@Module({
  providers: [
    IdempotencyMetrics,
    IdempotencyService,
    { provide: REPLY_STORE, inject: [ENV, RedisService, SystemMetrics], useFactory: chooseStore },
  ],
  exports: [IdempotencyService],
})
export class IdempotencyModule {}

function chooseStore(env: Env, redis: RedisService, system: SystemMetrics): ReplyStore {
  system.backend('idempotency', redis.isConfigured ? 'redis' : 'memory');
  const local = new LocalReplies(env);
  if (!redis.isConfigured) return local;
  const shared = new SharedReplies(redis, env);
  return env.REDIS_FAILURE === 'open' ? new RepliesWithoutRedis(shared, local) : shared;
}
