import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { SystemMetrics } from '../metrics/system.metrics.js';
import { RedisService } from '../redis/redis.service.js';
import { LeaderService } from './leader.service.js';
import { LEASE_STORE, type LeaseStore } from './lease-store.js';
import { LocalLeases } from './local-leases.js';
import { SharedLeases } from './shared-leases.js';

@Module({
  imports: [ScheduleModule.forRoot()],
  providers: [LeaderService, { provide: LEASE_STORE, inject: [RedisService, SystemMetrics], useFactory: chooseStore }],
  exports: [LeaderService],
})
export class SchedulingModule {}

function chooseStore(redis: RedisService, system: SystemMetrics): LeaseStore {
  system.backend('leases', redis.isConfigured ? 'redis' : 'memory');
  return redis.isConfigured ? new SharedLeases(redis) : new LocalLeases();
}
