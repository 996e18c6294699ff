import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import type { Actor } from '../../auth/api-key-settings.js';
import { CurrentActor } from '../../auth/current-caller.js';
import { AuditService } from '../../auth/services/audit.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import type { BreakerView } from '../../providers/breaker/breaker-metrics.js';
import { CircuitBreakerService } from '../../providers/services/circuit-breaker.service.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';

/** What keeps calls away from offers that fail. */
@AdminOnly()
@Controller()
export class CircuitBreakersController {
  constructor(
    private readonly breakers: CircuitBreakerService,
    private readonly providers: ProviderRegistryService,
    private readonly audit: AuditService,
  ) {}

  /** Those of offers that have failed; all others are closed. */
  @Get(['circuit-breakers', 'api/monitoring/circuit-breakers'])
  all(): object {
    return { object: 'list', data: this.breakers.all().map(viewBreaker) };
  }

  /** Closes all breakers of a provider, on every gateway. */
  @Post('circuit-breakers/:provider/reset')
  @HttpCode(200)
  async reset(@Param('provider') provider: string, @CurrentActor() actor: Actor): Promise<object> {
    if (!this.providers.find(provider)) throw new NotFoundError(`There is no provider "${provider}".`);
    const closed = await this.breakers.reset(provider);
    await this.audit.note(actor, {
      action: 'circuit_breaker.reset',
      resource: `provider:${provider}`,
      detail: { closed },
    });
    return { provider, closed };
  }
}

function viewBreaker({ providerId, modelId, state, openUntil }: BreakerView): object {
  const until = openUntil === undefined ? null : new Date(openUntil).toISOString();
  return { provider: providerId, model: modelId, state, open_until: until };
}
