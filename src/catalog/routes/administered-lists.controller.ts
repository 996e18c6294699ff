import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import type { Actor } from '../../auth/api-key-settings.js';
import { CurrentActor } from '../../auth/current-caller.js';
import { viewList } from '../administration-view.js';
import { CatalogAdministrationService } from '../services/catalog-administration.service.js';

/** The lists of models and prices that the catalogue is made from, and what was held back of them. */
@AdminOnly()
@Controller('admin/model-lists')
export class AdministeredListsController {
  constructor(private readonly administration: CatalogAdministrationService) {}

  @Get()
  list(): object {
    return { object: 'list', data: this.administration.lists().map(viewList) };
  }

  /** Believes what was held back. */
  @Post(':source/accept')
  @HttpCode(200)
  async accept(@CurrentActor() actor: Actor, @Param('source') source: string): Promise<object> {
    const lists = await this.administration.accept(actor, source);
    return { object: 'list', data: lists.map(viewList) };
  }
}
