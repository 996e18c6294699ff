import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { Public } from '../../auth/access.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { MetricsTokenGuard } from '../guards/metrics-token.guard.js';

@Public()
@UseGuards(MetricsTokenGuard)
@Controller()
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.render();
  }
}
