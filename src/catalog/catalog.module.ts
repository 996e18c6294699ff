import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module.js';
import { ModelsController } from './routes/models.controller.js';
import { CatalogService } from './services/catalog.service.js';
import { ModelSyncService } from './services/model-sync.service.js';

@Module({
  imports: [ProvidersModule],
  controllers: [ModelsController],
  providers: [CatalogService, ModelSyncService],
  exports: [CatalogService],
})
export class CatalogModule {}
