import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { MetricsController } from './routes/metrics.controller.js';
import { SummaryController } from './routes/summary.controller.js';
import { SummaryService } from './services/summary.service.js';

@Module({
  imports: [
    // The controller names its paths itself.
    PrometheusModule.register({ path: '', controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  controllers: [SummaryController],
  providers: [SummaryService],
})
export class MonitoringModule {}
