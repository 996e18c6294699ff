import { Controller, Delete, HttpCode, Put } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import type { Actor } from '../../auth/api-key-settings.js';
import { CurrentActor } from '../../auth/current-caller.js';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION } from '../../platform/http/validation.js';
import { viewMaintenance, type MaintenanceView } from '../maintenance/maintenance-view.js';
import { MaintenanceService } from '../services/maintenance.service.js';
import { MaintenanceBody, readTimes } from './maintenance.body.js';
import { NameInPath } from '../../platform/http/name-in-path.js';

/** Takes a provider, a model or a `provider:model` out of service for a while. */
@AdminOnly()
@Controller('availability/maintenance')
export class MaintenanceController {
  constructor(private readonly maintenance: MaintenanceService) {}

  @Put('*id')
  async plan(
    @CurrentActor() actor: Actor,
    @NameInPath() name: string,
    @JsonBody(STRICT_VALIDATION) body: MaintenanceBody,
  ): Promise<MaintenanceView> {
    return viewMaintenance(await this.maintenance.plan(actor, name, readTimes(body, Date.now())));
  }

  @Delete('*id')
  @HttpCode(204)
  async end(@CurrentActor() actor: Actor, @NameInPath() name: string): Promise<void> {
    await this.maintenance.end(actor, name);
  }
}
