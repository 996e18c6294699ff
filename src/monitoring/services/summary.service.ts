import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { Figures } from '../figures.js';
import { summarise, SUMMARISED, type Summary } from '../summary.js';

/** The same figures as on the pages for Prometheus, in short. */
@Injectable()
export class SummaryService {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly database: DatabaseService,
  ) {}

  async summarise(): Promise<Summary> {
    const readings = await Promise.all(SUMMARISED.map(async (name) => [name, await this.registry.read(name)] as const));
    return summarise(new Figures(new Map(readings)), this.database.state, new Date());
  }
}
