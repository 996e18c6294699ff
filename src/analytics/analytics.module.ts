import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { AnalyticsMetrics } from './analytics.metrics.js';
import { EventRepository } from './persistence/event.repository.js';
import { UsageRepository } from './persistence/usage.repository.js';
import { AnalyticsController } from './routes/analytics.controller.js';
import { AnalyticsService } from './services/analytics.service.js';
import { EventIntakeService } from './services/event-intake.service.js';
import { EventKeeperService } from './services/event-keeper.service.js';
import { UsageAggregationService } from './services/usage-aggregation.service.js';
import { UsageService } from './services/usage.service.js';

@Module({
  imports: [BillingModule],
  controllers: [AnalyticsController],
  providers: [
    AnalyticsMetrics,
    AnalyticsService,
    EventIntakeService,
    EventKeeperService,
    EventRepository,
    UsageAggregationService,
    UsageRepository,
    UsageService,
  ],
})
export class AnalyticsModule {}
