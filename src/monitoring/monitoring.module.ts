import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { AuthModule } from '../auth/auth.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { HealthModule } from '../health/health.module.js';
import { InferenceModule } from '../inference/inference.module.js';
import { Topic } from '../platform/events/topic.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { ANOMALIES, type ToldAnomaly } from './anomalies/told-anomaly.js';
import { AnomalyMetrics } from './anomaly.metrics.js';
import { AnomalyRepository } from './persistence/anomaly.repository.js';
import { CallReportRepository } from './persistence/call-report.repository.js';
import { AnomaliesController } from './routes/anomalies.controller.js';
import { CallReportsController } from './routes/call-reports.controller.js';
import { CachesController } from './routes/caches.controller.js';
import { MetricsController } from './routes/metrics.controller.js';
import { MonitoredHealthController } from './routes/monitored-health.controller.js';
import { SummaryController } from './routes/summary.controller.js';
import { AlertService } from './services/alert.service.js';
import { AnomalyService } from './services/anomaly.service.js';
import { CallReportsService } from './services/call-reports.service.js';
import { SummaryService } from './services/summary.service.js';

@Module({
  imports: [
    AuthModule,
    CatalogModule,
    HealthModule,
    InferenceModule,
    ProvidersModule,
    // The controller names its paths itself.
    PrometheusModule.register({ path: '', controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  controllers: [
    AnomaliesController,
    CachesController,
    CallReportsController,
    MonitoredHealthController,
    SummaryController,
  ],
  providers: [
    AlertService,
    AnomalyMetrics,
    AnomalyRepository,
    AnomalyService,
    CallReportRepository,
    CallReportsService,
    SummaryService,
    { provide: ANOMALIES, useFactory: () => new Topic<ToldAnomaly>('anomalies') },
  ],
  exports: [ANOMALIES],
})
export class MonitoringModule {}
