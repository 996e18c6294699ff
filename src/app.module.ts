import { Module, type DynamicModule } from '@nestjs/common';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BillingModule } from './billing/billing.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { ChatModule } from './chat/chat.module.js';
import { HealthModule } from './health/health.module.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { InferenceModule } from './inference/inference.module.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { PlatformModule, type Foundation } from './platform/platform.module.js';
import { ProvidersModule } from './providers/providers.module.js';

/** The whole house, from the ground up. */
@Module({})
export class AppModule {
  static on(foundation: Foundation): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.on(foundation),
        AuthModule,
        IdempotencyModule,
        ProvidersModule,
        CatalogModule,
        BillingModule,
        AnalyticsModule,
        InferenceModule,
        ChatModule,
        HealthModule,
        MonitoringModule,
      ],
    };
  }
}
