import { Controller, Get, Query } from '@nestjs/common';
import { VALIDATION } from '../../platform/http/validation.js';
import { summarise } from '../availability/availability-summary.js';
import { viewModelAvailability, viewOfferAvailability } from '../availability/availability-view.js';
import { viewMaintenance } from '../maintenance/maintenance-view.js';
import { AvailabilityService } from '../services/availability.service.js';
import { MaintenanceService } from '../services/maintenance.service.js';
import { ListAvailabilityQuery } from './list-availability.query.js';
import { NameInPath } from '../../platform/http/name-in-path.js';

/** Whether models can be had at the moment, and from whom: what this gateway has seen, nothing that providers claim. */
@Controller('availability')
export class AvailabilityController {
  constructor(
    private readonly availability: AvailabilityService,
    private readonly maintenance: MaintenanceService,
  ) {}

  @Get('models')
  models(@Query(VALIDATION) { provider, status, limit, offset = 0 }: ListAvailabilityQuery): object {
    const matching = this.availability
      .all()
      .map(viewModelAvailability)
      .filter((model) => status === undefined || model.status === status)
      .filter(({ offers }) => provider === undefined || offers.some((offer) => offer.provider === provider));
    const data = matching.slice(offset, limit === undefined ? undefined : offset + limit);
    return { object: 'list', data, total: matching.length, returned: data.length, offset, limit: limit ?? null };
  }

  @Get('model/*id')
  model(@NameInPath() name: string): object {
    return viewModelAvailability(this.availability.of(name));
  }

  @Get('summary')
  summary(): object {
    const maintenance = this.maintenance.ahead().map(viewMaintenance);
    return { timestamp: new Date().toISOString(), ...summarise(this.availability.all()), maintenance };
  }

  /** Who stands behind the best, the next one first. */
  @Get('fallback/*id')
  fallback(@NameInPath() name: string): object {
    const { model, best, others } = this.availability.usable(name);
    const data = others.map(viewOfferAvailability);
    return { object: 'list', model: model.id, best: best.offer.connected.provider.id, data };
  }

  @Get('best/*id')
  best(@NameInPath() name: string): object {
    const { model, best } = this.availability.usable(name);
    return { object: 'offer.availability', model: model.id, ...viewOfferAvailability(best) };
  }
}
