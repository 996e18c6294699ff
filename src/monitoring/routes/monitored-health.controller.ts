import { Controller, Get, Param } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import { viewProvider } from '../../health/health-views.js';
import { ProviderHealthService } from '../../health/services/provider-health.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';

@AdminOnly()
@Controller('api/monitoring/health')
export class MonitoredHealthController {
  constructor(private readonly providers: ProviderHealthService) {}

  @Get()
  all(): object {
    return { timestamp: new Date().toISOString(), providers: this.providers.all().map(viewProvider) };
  }

  @Get(':provider')
  provider(@Param('provider') id: string): object {
    const health = this.providers.of(id);
    if (!health) throw new NotFoundError(`There is no provider "${id.slice(0, 200)}".`);
    return viewProvider(health);
  }
}
