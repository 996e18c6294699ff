import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AuthModule } from '../auth/auth.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { CircuitBreakersController } from './routes/circuit-breakers.controller.js';
import { HealthController } from './routes/health.controller.js';

@Module({
  imports: [AuthModule, ProvidersModule, TerminusModule.forRoot({ logger: false })],
  controllers: [CircuitBreakersController, HealthController],
})
export class HealthModule {}
