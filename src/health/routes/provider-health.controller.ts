import { Controller, Get, Param } from '@nestjs/common';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import { viewModel, viewProvider } from '../health-views.js';
import { ModelHealthService } from '../services/model-health.service.js';
import { ProviderHealthService } from '../services/provider-health.service.js';
import { NameInPath } from '../../platform/http/name-in-path.js';

/** How providers and models are, from the traffic of all gateways and from probes. */
@Controller('health')
export class ProviderHealthController {
  constructor(
    private readonly providers: ProviderHealthService,
    private readonly models: ModelHealthService,
  ) {}

  @Get('providers')
  all(): object {
    return { object: 'list', data: this.providers.all().map(viewProvider) };
  }

  @Get('providers/:id')
  provider(@Param('id') id: string): object {
    const health = this.providers.of(id);
    if (!health) throw new NotFoundError(`There is no provider "${id.slice(0, 200)}".`);
    return viewProvider(health);
  }

  /** Those that somebody has asked for within a day. */
  @Get('models')
  allModels(): object {
    return { object: 'list', data: this.models.asked().map(viewModel) };
  }

  @Get('models/*id')
  model(@NameInPath() name: string): object {
    return viewModel(this.models.of(name));
  }
}
