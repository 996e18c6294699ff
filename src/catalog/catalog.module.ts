import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module.js';
import { MaintenanceNews } from './persistence/maintenance-news.js';
import { MaintenanceRepository } from './persistence/maintenance.repository.js';
import { AvailabilityController } from './routes/availability.controller.js';
import { MaintenanceController } from './routes/maintenance.controller.js';
import { ModelsController } from './routes/models.controller.js';
import { AvailabilityService } from './services/availability.service.js';
import { CatalogService } from './services/catalog.service.js';
import { ListIntakeService } from './services/list-intake.service.js';
import { MaintenanceService } from './services/maintenance.service.js';
import { ModelSyncService } from './services/model-sync.service.js';
import { PublicListsService } from './services/public-lists.service.js';

@Module({
  imports: [ProvidersModule],
  controllers: [AvailabilityController, MaintenanceController, ModelsController],
  providers: [
    AvailabilityService,
    CatalogService,
    ListIntakeService,
    MaintenanceNews,
    MaintenanceRepository,
    MaintenanceService,
    ModelSyncService,
    PublicListsService,
  ],
  exports: [CatalogService, MaintenanceService],
})
export class CatalogModule {}
