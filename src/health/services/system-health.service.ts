import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction, type HealthIndicatorResult } from '@nestjs/terminus';
import { statfs } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import { DataDirectory } from '../../platform/data-directory/data-directory.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { SystemMetrics } from '../../platform/metrics/system.metrics.js';
import { RedisService } from '../../platform/redis/redis.service.js';

/** From there on something is wrong. */
const LIMITS = { lagSeconds: 1, heapShare: 0.9, freeBytes: 100 * 1024 * 1024, backlogBytes: 100 * 1024 * 1024 };

/** What the gateway itself stands on. */
@Injectable()
export class SystemHealthService {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: DatabaseService,
    private readonly redis: RedisService,
    private readonly system: SystemMetrics,
    private readonly metrics: MetricsRegistry,
    private readonly directory: DataDirectory,
  ) {}

  checks(): HealthIndicatorFunction[] {
    return [
      () => this.judge('database', this.database.state === 'up', { state: this.database.state }),
      () => this.judge('redis', this.redis.state !== 'down', { state: this.redis.state }),
      () => this.eventLoop(),
      () => this.memory(),
      () => this.disk(),
      () => this.journal(),
      () => this.leader(),
      () => this.judge('backends', true, Object.fromEntries(this.system.inUse)),
    ];
  }

  private eventLoop(): HealthIndicatorResult {
    const lag = this.system.eventLoopLagSeconds;
    return this.judge('event_loop', lag < LIMITS.lagSeconds, { lag_seconds: lag });
  }

  private memory(): HealthIndicatorResult {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    const facts = { rss_bytes: process.memoryUsage.rss(), heap_used_bytes: used, heap_limit_bytes: limit };
    return this.judge('memory', used < limit * LIMITS.heapShare, facts);
  }

  private async disk(): Promise<HealthIndicatorResult> {
    const { bavail, bsize } = await statfs(this.directory.path());
    return this.judge('disk', bavail * bsize > LIMITS.freeBytes, { free_bytes: bavail * bsize });
  }

  private async journal(): Promise<HealthIndicatorResult> {
    const [{ value: backlog } = { value: 0 }] = await this.metrics.read('gatewayz_journal_backlog');
    return this.judge('journal', backlog < LIMITS.backlogBytes, { backlog_bytes: backlog });
  }

  /** One of several gateways leads, so one that does not is as well as the one that does. */
  private async leader(): Promise<HealthIndicatorResult> {
    const [{ value } = { value: 0 }] = await this.metrics.read('gatewayz_leader');
    return this.judge('leader', true, { is_leader: value === 1 });
  }

  private judge(name: string, isWell: boolean, facts: Record<string, unknown>): HealthIndicatorResult {
    const indicator = this.indicators.check(name);
    return isWell ? indicator.up(facts) : indicator.down(facts);
  }
}
