import { Controller, Get, Query } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { AnomalyQuery } from '../anomalies/anomaly-query.js';
import { AnomalyService } from '../services/anomaly.service.js';

@AdminOnly()
@Controller('api/monitoring/anomalies')
export class AnomaliesController {
  constructor(private readonly anomalies: AnomalyService) {}

  /** The latest first. */
  @Get()
  async list(@Query(VALIDATION) query: AnomalyQuery): Promise<object> {
    const found = await this.anomalies.list(query, query.limit + 1);
    const data = found.slice(0, query.limit);
    return { object: 'list', data, has_more: found.length > query.limit, offset: query.offset };
  }
}
