import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ProviderKeyRepository } from './persistence/provider-key.repository.js';
import { ProviderKeysController } from './routes/provider-keys.controller.js';
import { OwnKeysService } from './services/own-keys.service.js';
import { ProviderRegistryService } from './services/provider-registry.service.js';
import { SandboxService } from './services/sandbox.service.js';
import { UpstreamClient } from './services/upstream-client.js';

@Module({
  imports: [AuthModule],
  controllers: [ProviderKeysController],
  providers: [OwnKeysService, ProviderKeyRepository, ProviderRegistryService, SandboxService, UpstreamClient],
  exports: [OwnKeysService, ProviderRegistryService, SandboxService, UpstreamClient],
})
export class ProvidersModule {}
