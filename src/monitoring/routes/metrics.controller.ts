import { Controller, Get, Param, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../../auth/access.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import { CONTENT_TYPES, type ExpositionFormat } from '../../platform/metrics/exposition.js';
import { METRIC_GROUPS, MetricsRegistry, type MetricGroup } from '../../platform/metrics/metrics-registry.js';
import { MetricsTokenGuard } from '../guards/metrics-token.guard.js';

/** What Prometheus scrapes: everything, or one of five groups. */
@Public()
@UseGuards(MetricsTokenGuard)
@Controller()
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get(['metrics', 'prometheus/metrics', 'api/metrics/prometheus'])
  metrics(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<string> {
    return this.page(METRIC_GROUPS, request, response);
  }

  @Get('prometheus/metrics/:group')
  group(
    @Param('group') name: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const group = METRIC_GROUPS.find((known) => known === name);
    if (!group) throw new NotFoundError(`There are pages for ${METRIC_GROUPS.join(', ')}.`);
    return this.page([group], request, response);
  }

  private page(groups: readonly MetricGroup[], request: Request, response: Response): Promise<string> {
    const format = wantedFormat(request);
    response.set('content-type', CONTENT_TYPES[format]);
    return this.registry.render(groups, format);
  }
}

/** Prometheus' own text for everybody who does not say otherwise. */
function wantedFormat(request: Request): ExpositionFormat {
  const offered: Readonly<Record<string, ExpositionFormat>> = {
    'text/plain; version=0.0.4': 'text',
    'application/openmetrics-text; version=1.0.0': 'openmetrics',
  };
  const wanted = request.accepts(Object.keys(offered));
  return (wanted && offered[wanted]) || 'text';
}
