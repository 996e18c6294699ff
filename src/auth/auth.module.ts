import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccountMetrics } from './account.metrics.js';
import { AccessGuard } from './guards/access.guard.js';
import { AccountFiguresRepository } from './persistence/account-figures.repository.js';
import { ApiKeyRepository } from './persistence/api-key.repository.js';
import { AuditRepository } from './persistence/audit.repository.js';
import { SessionStore } from './persistence/session-store.js';
import { SharedKeyCache } from './persistence/shared-key-cache.js';
import { SupabaseAuth } from './persistence/supabase-auth.js';
import { UserRepository } from './persistence/user.repository.js';
import { AdministrationController } from './routes/administration.controller.js';
import { KeysController, OwnKeyController } from './routes/keys.controller.js';
import { LoginController } from './routes/login.controller.js';
import { AccountFiguresService } from './services/account-figures.service.js';
import { AdministrationService } from './services/administration.service.js';
import { ApiKeyService } from './services/api-key.service.js';
import { AttemptLimiterService } from './services/attempt-limiter.service.js';
import { AuditService } from './services/audit.service.js';
import { FirstAdminService } from './services/first-admin.service.js';
import { KeyManagementService } from './services/key-management.service.js';
import { KeyUsageService } from './services/key-usage.service.js';
import { LoginService } from './services/login.service.js';
import { PepperService } from './services/pepper.service.js';
import { SessionService } from './services/session.service.js';

@Module({
  controllers: [AdministrationController, KeysController, LoginController, OwnKeyController],
  providers: [
    AccountFiguresRepository,
    AccountFiguresService,
    AccountMetrics,
    AdministrationService,
    ApiKeyRepository,
    ApiKeyService,
    AttemptLimiterService,
    AuditRepository,
    AuditService,
    FirstAdminService,
    KeyManagementService,
    KeyUsageService,
    LoginService,
    PepperService,
    SessionService,
    SessionStore,
    SharedKeyCache,
    SupabaseAuth,
    UserRepository,
    AccessGuard,
    // On by default: a route that is open to everybody says so.
    { provide: APP_GUARD, useExisting: AccessGuard },
  ],
  exports: [AuditService, FirstAdminService, KeyManagementService],
})
export class AuthModule {}
