import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { Public } from '../../auth/access.js';
import { MetricsTokenGuard } from '../guards/metrics-token.guard.js';
import { SummaryService } from '../services/summary.service.js';
import type { Summary } from '../summary.js';

@Public()
@UseGuards(MetricsTokenGuard)
@Controller()
export class SummaryController {
  constructor(private readonly summaries: SummaryService) {}

  @Get(['prometheus/metrics/summary', 'api/metrics/summary'])
  @Header('cache-control', 'no-store')
  summary(): Promise<Summary> {
    return this.summaries.summarise();
  }
}
