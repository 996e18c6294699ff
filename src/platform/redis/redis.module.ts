import { Module, type DynamicModule } from '@nestjs/common';
import { RedisModule as ConnectionModule } from '@nestjs-modules/ioredis';
import type { Env } from '../../config/env.js';
import { RedisService } from './redis.service.js';

const LONGEST_RETRY_MS = 2_000;

/** Redis, when there is one. */
@Module({})
export class RedisModule {
  static on({ REDIS_URL: url, REDIS_TIMEOUT_MS: commandTimeout }: Env): DynamicModule {
    return {
      module: RedisModule,
      imports: url === undefined ? [] : [connectionTo(url, commandTimeout)],
      providers: [RedisService],
      exports: [RedisService],
    };
  }
}

function connectionTo(url: string, commandTimeout: number): DynamicModule {
  return ConnectionModule.forRoot({
    type: 'single',
    url,
    options: {
      commandTimeout,
      // What cannot be asked now fails now: whoever asks knows better than a queue what to do without Redis.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, LONGEST_RETRY_MS),
    },
  });
}
