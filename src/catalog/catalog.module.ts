import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module.js';
import { ChangeNews } from './persistence/change-news.js';
import { MaintenanceRepository } from './persistence/maintenance.repository.js';
import { OverridesRepository } from './persistence/overrides.repository.js';
import { AdministeredListsController } from './routes/administered-lists.controller.js';
import { AdministeredModelsController } from './routes/administered-models.controller.js';
import { AdministeredProvidersController } from './routes/administered-providers.controller.js';
import { AvailabilityController } from './routes/availability.controller.js';
import { MaintenanceController } from './routes/maintenance.controller.js';
import { ModelsController } from './routes/models.controller.js';
import { AvailabilityService } from './services/availability.service.js';
import { CatalogAdministrationService } from './services/catalog-administration.service.js';
import { CatalogService } from './services/catalog.service.js';
import { ListIntakeService } from './services/list-intake.service.js';
import { MaintenanceService } from './services/maintenance.service.js';
import { ModelSyncService } from './services/model-sync.service.js';
import { OverridesService } from './services/overrides.service.js';
import { PublicListsService } from './services/public-lists.service.js';

@Module({
  imports: [ProvidersModule],
  controllers: [
    AdministeredListsController,
    AdministeredModelsController,
    AdministeredProvidersController,
    AvailabilityController,
    MaintenanceController,
    ModelsController,
  ],
  providers: [
    AvailabilityService,
    CatalogAdministrationService,
    CatalogService,
    ChangeNews,
    ListIntakeService,
    MaintenanceRepository,
    MaintenanceService,
    ModelSyncService,
    OverridesRepository,
    OverridesService,
    PublicListsService,
  ],
  exports: [CatalogService, MaintenanceService],
})
export class CatalogModule {}
