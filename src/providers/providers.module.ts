import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ProviderKeyRepository } from './persistence/provider-key.repository.js';
import { ProviderKeysController } from './routes/provider-keys.controller.js';
import { SharedBreakers } from './persistence/shared-breakers.js';
import { CircuitBreakerService } from './services/circuit-breaker.service.js';
import { OwnKeysService } from './services/own-keys.service.js';
import { ProviderRegistryService } from './services/provider-registry.service.js';
import { SandboxService } from './services/sandbox.service.js';
import { TrafficService } from './services/traffic.service.js';
import { UpstreamClient } from './services/upstream-client.js';

@Module({
  imports: [AuthModule],
  controllers: [ProviderKeysController],
  providers: [
    CircuitBreakerService,
    OwnKeysService,
    ProviderKeyRepository,
    ProviderRegistryService,
    SandboxService,
    SharedBreakers,
    TrafficService,
    UpstreamClient,
  ],
  exports: [
    CircuitBreakerService,
    OwnKeysService,
    ProviderRegistryService,
    SandboxService,
    TrafficService,
    UpstreamClient,
  ],
})
export class ProvidersModule {}
