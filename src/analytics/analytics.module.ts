import { Module } from '@nestjs/common';
import { AnalyticsMetrics } from './analytics.metrics.js';
import { EventRepository } from './persistence/event.repository.js';
import { UsageRepository } from './persistence/usage.repository.js';
import { AnalyticsController } from './routes/analytics.controller.js';
import { EventIntakeService } from './services/event-intake.service.js';
import { UsageAggregationService } from './services/usage-aggregation.service.js';
import { UsageService } from './services/usage.service.js';

@Module({
  controllers: [AnalyticsController],
  providers: [
    AnalyticsMetrics,
    EventIntakeService,
    EventRepository,
    UsageAggregationService,
    UsageRepository,
    UsageService,
  ],
})
export class AnalyticsModule {}
