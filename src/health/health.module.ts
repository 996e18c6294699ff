import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AuthModule } from '../auth/auth.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { HealthMetrics } from './health.metrics.js';
import { HealthRepository } from './persistence/health.repository.js';
import { OfferHoursRepository } from './persistence/offer-hours.repository.js';
import { SharedHealth } from './persistence/shared-health.js';
import { CircuitBreakersController } from './routes/circuit-breakers.controller.js';
import { HealthController } from './routes/health.controller.js';
import { ProviderHealthController } from './routes/provider-health.controller.js';
import { SystemHealthController } from './routes/system-health.controller.js';
import { DayCountsService } from './services/day-counts.service.js';
import { HealthArchiveService } from './services/health-archive.service.js';
import { HealthReportsService } from './services/health-reports.service.js';
import { HealthTrackerService } from './services/health-tracker.service.js';
import { ModelHealthService } from './services/model-health.service.js';
import { ProbeService } from './services/probe.service.js';
import { ProviderHealthService } from './services/provider-health.service.js';
import { SystemHealthService } from './services/system-health.service.js';

@Module({
  imports: [AuthModule, CatalogModule, ProvidersModule, TerminusModule.forRoot({ logger: false })],
  controllers: [CircuitBreakersController, HealthController, ProviderHealthController, SystemHealthController],
  providers: [
    DayCountsService,
    HealthArchiveService,
    HealthMetrics,
    HealthReportsService,
    HealthRepository,
    HealthTrackerService,
    ModelHealthService,
    OfferHoursRepository,
    ProbeService,
    ProviderHealthService,
    SharedHealth,
    SystemHealthService,
  ],
  exports: [ProviderHealthService],
})
export class HealthModule {}
