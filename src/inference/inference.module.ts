import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { InferenceMetrics } from './inference.metrics.js';
import { GenerationsController } from './routes/generations.controller.js';
import { CallSettlementService } from './services/call-settlement.service.js';
import { DispatcherService } from './services/dispatcher.service.js';
import { InferenceService } from './services/inference.service.js';
import { MeterService } from './services/meter.service.js';
import { RoutingService } from './services/routing.service.js';
import { StandingService } from './services/standing.service.js';
import { UpstreamCalls } from './services/upstream-calls.js';

@Module({
  imports: [BillingModule, CatalogModule, ProvidersModule],
  controllers: [GenerationsController],
  providers: [
    CallSettlementService,
    DispatcherService,
    InferenceMetrics,
    InferenceService,
    MeterService,
    RoutingService,
    StandingService,
    UpstreamCalls,
  ],
  exports: [InferenceService, StandingService],
})
export class InferenceModule {}
