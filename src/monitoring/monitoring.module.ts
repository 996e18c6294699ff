import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { HealthModule } from '../health/health.module.js';
import { MetricsController } from './routes/metrics.controller.js';
import { MonitoredHealthController } from './routes/monitored-health.controller.js';
import { SummaryController } from './routes/summary.controller.js';
import { SummaryService } from './services/summary.service.js';

@Module({
  imports: [
    HealthModule,
    // The controller names its paths itself.
    PrometheusModule.register({ path: '', controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  controllers: [MonitoredHealthController, SummaryController],
  providers: [SummaryService],
})
export class MonitoringModule {}
