import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyGuard } from './guards/api-key.guard.js';
import { ApiKeyRepository } from './persistence/api-key.repository.js';
import { ApiKeyService } from './services/api-key.service.js';
import { FirstAdminService } from './services/first-admin.service.js';
import { PepperService } from './services/pepper.service.js';

@Module({
  providers: [
    ApiKeyRepository,
    ApiKeyService,
    FirstAdminService,
    PepperService,
    // On by default: a route that is open to everybody says so.
    { provide: APP_GUARD, useClass: ApiKeyGuard },
  ],
  exports: [ApiKeyService, FirstAdminService],
})
export class AuthModule {}
