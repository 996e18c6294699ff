import { Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.js';
import { readJsonValue } from '../../platform/http/json-body.js';
import { recordOf } from '../../platform/http/request-record.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { viewIntake } from '../intake-view.js';
import { EventIntakeService } from '../services/event-intake.service.js';
import { UsageService } from '../services/usage.service.js';
import { usageCsv, viewUsage } from '../usage-view.js';
import { checkEvents, eventsIn } from './told-events.js';
import { toQuestion, UsageQuery } from './usage.query.js';

const EVENTS_BYTES = 5 * 1024 * 1024;

/** What callers tell of their applications, and what they have used. */
@Controller('api/analytics')
export class AnalyticsController {
  constructor(
    private readonly intake: EventIntakeService,
    private readonly usage: UsageService,
  ) {}

  /** Takes the good events and names the others; 400 when there is no good one. */
  @Post('events')
  async take(
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const told = eventsIn(await readJsonValue(request, EVENTS_BYTES));
    this.intake.admit(caller, told.length);
    const { events, rejected } = await checkEvents(told, Date.now());
    await this.intake.take(caller, events, rejected.length);
    response.status(events.length > 0 ? 200 : 400);
    return viewIntake(events.length, rejected, recordOf(request).id);
  }

  /** The caller's own usage; for administrators that of anybody, or of all. */
  @Get('usage')
  async report(
    @CurrentCaller() caller: Caller,
    @Query(VALIDATION) query: UsageQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object | string> {
    const report = await this.usage.report(caller, toQuestion(query, Date.now()));
    if (query.format !== 'csv') return viewUsage(report);
    response.attachment('usage.csv').type('text/csv');
    return usageCsv(report);
  }
}
