import { Controller, Get, Patch, Query } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import type { Actor } from '../../auth/api-key-settings.js';
import { CurrentActor } from '../../auth/current-caller.js';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION, VALIDATION } from '../../platform/http/validation.js';
import { viewAdministeredModel } from '../administration-view.js';
import { CatalogAdministrationService } from '../services/catalog-administration.service.js';
import { ListAdministeredModelsQuery } from './list-administered-models.query.js';
import { NameInPath } from '../../platform/http/name-in-path.js';
import { OfferBody, readOfferChanges } from './offer.body.js';

const PAGE = 50;

/** Models with all their offers, as the lists and administrators describe them. */
@AdminOnly()
@Controller('admin/models')
export class AdministeredModelsController {
  constructor(private readonly administration: CatalogAdministrationService) {}

  @Get()
  list(@Query(VALIDATION) { q, limit = PAGE, offset = 0 }: ListAdministeredModelsQuery): object {
    const found = this.administration.models(q);
    const data = found.slice(offset, offset + limit).map(viewAdministeredModel);
    return { object: 'list', data, total: found.length, returned: data.length, offset, limit };
  }

  @Get('*id')
  one(@NameInPath() id: string): object {
    return viewAdministeredModel(this.administration.model(id));
  }

  /** Changes one offer; what is null is again what the lists say. */
  @Patch('*id')
  async change(
    @CurrentActor() actor: Actor,
    @NameInPath() id: string,
    @JsonBody(STRICT_VALIDATION) body: OfferBody,
  ): Promise<object> {
    return viewAdministeredModel(await this.administration.changeModel(actor, id, readOfferChanges(id, body)));
  }
}
