import { Module } from '@nestjs/common';
import { ProviderRegistryService } from './services/provider-registry.service.js';
import { SandboxService } from './services/sandbox.service.js';
import { UpstreamClient } from './services/upstream-client.js';

@Module({
  providers: [ProviderRegistryService, SandboxService, UpstreamClient],
  exports: [ProviderRegistryService, SandboxService, UpstreamClient],
})
export class ProvidersModule {}
