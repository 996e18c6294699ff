import { Controller, Get, Param, Patch } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import type { Actor } from '../../auth/api-key-settings.js';
import { CurrentActor } from '../../auth/current-caller.js';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION } from '../../platform/http/validation.js';
import { viewAdministeredProvider } from '../administration-view.js';
import { CatalogAdministrationService } from '../services/catalog-administration.service.js';
import { ProviderBody } from './provider.body.js';

/** The providers that are set up here, and whether calls may go there. */
@AdminOnly()
@Controller('admin/providers')
export class AdministeredProvidersController {
  constructor(private readonly administration: CatalogAdministrationService) {}

  @Get()
  list(): object {
    return { object: 'list', data: this.administration.providers().map(viewAdministeredProvider) };
  }

  @Patch(':id')
  async change(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @JsonBody(STRICT_VALIDATION) body: ProviderBody,
  ): Promise<object> {
    return viewAdministeredProvider(await this.administration.changeProvider(actor, id, body));
  }
}
