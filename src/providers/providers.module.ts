import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ProviderKeyRepository } from './persistence/provider-key.repository.js';
import { ProviderKeysController } from './routes/provider-keys.controller.js';
import { SharedBreakers } from './persistence/shared-breakers.js';
import { CircuitBreakerService } from './services/circuit-breaker.service.js';
import { ModelListService } from './services/model-list.service.js';
import { OwnKeysService } from './services/own-keys.service.js';
import { ProviderRegistryService } from './services/provider-registry.service.js';
import { SandboxService } from './services/sandbox.service.js';
import { TinyCallService } from './services/tiny-call.service.js';
import { TrafficService } from './services/traffic.service.js';
import { UpstreamClient } from './services/upstream-client.js';

@Module({
  imports: [AuthModule],
  controllers: [ProviderKeysController],
  providers: [
    CircuitBreakerService,
    ModelListService,
    OwnKeysService,
    ProviderKeyRepository,
    ProviderRegistryService,
    SandboxService,
    SharedBreakers,
    TinyCallService,
    TrafficService,
    UpstreamClient,
  ],
  exports: [
    CircuitBreakerService,
    ModelListService,
    OwnKeysService,
    ProviderRegistryService,
    SandboxService,
    TinyCallService,
    TrafficService,
    UpstreamClient,
  ],
})
export class ProvidersModule {}
