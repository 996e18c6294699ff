import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import type { HealthReport } from '../health-report.js';
import type { ModelHealth, ProviderHealth } from '../health-views.js';
import { viewModel, viewProvider } from '../health-views.js';

/** What gateways report, by gateway. */
const REPORTS = 'gatewayz:health_reports';
const KEPT_SECONDS = 120;

/** What gateways know of providers, put together. Without Redis each knows what it saw itself. */
@Injectable()
export class SharedHealth {
  private readonly self = randomUUID();

  constructor(private readonly redis: RedisService) {}

  /** Leaves this gateway's report for the others; theirs and its own, but for those who said nothing for that long. */
  async exchange(own: HealthReport, staleAfterMs: number): Promise<HealthReport[]> {
    if (this.redis.state !== 'up') return [own];
    try {
      const told = await this.redis.ask((redis) => this.putAndGet(redis, own));
      const others = Object.entries(told).filter(([gateway]) => gateway !== this.self);
      const reports = others.map(([, text]) => JSON.parse(text) as HealthReport);
      return [own, ...reports.filter(({ at }) => own.at - at < staleAfterMs)];
    } catch (error) {
      if (error instanceof RedisUnavailableError) return [own];
      throw error;
    }
  }

  /** Tells it to whoever reads Redis. */
  async publish(providers: readonly ProviderHealth[], models: readonly ModelHealth[]): Promise<void> {
    if (this.redis.state !== 'up') return;
    await this.redis.ask(async (redis) => {
      const pipeline = redis.pipeline();
      const set = (key: string, value: object) => pipeline.set(key, JSON.stringify(value), 'EX', KEPT_SECONDS);
      for (const provider of providers) set(`provider_health:${provider.providerId}`, viewProvider(provider));
      for (const model of models) set(`model_availability:${model.modelId}`, viewModel(model));
      await pipeline.exec();
    });
  }

  private async putAndGet(redis: Redis, own: HealthReport): Promise<Record<string, string>> {
    await redis.hset(REPORTS, this.self, JSON.stringify(own));
    await redis.expire(REPORTS, KEPT_SECONDS);
    const told = await redis.hgetall(REPORTS);
    const gone = Object.entries(told).filter(
      ([, text]) => own.at - (JSON.parse(text) as HealthReport).at > KEPT_SECONDS * 1000,
    );
    if (gone.length > 0) await redis.hdel(REPORTS, ...gone.map(([gateway]) => gateway));
    return told;
  }
}
