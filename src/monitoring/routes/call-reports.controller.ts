import { Controller, Get, Param, Query } from '@nestjs/common';
import { AdminOnly } from '../../auth/access.js';
import { NameInPath } from '../../platform/http/name-in-path.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { DaysQuery, ErrorsQuery, HoursQuery } from '../reports/report-query.js';
import {
  perThousand,
  viewCalls,
  viewCosts,
  viewEfficiency,
  viewLatency,
  viewMoney,
  viewPace,
  viewTokens,
} from '../reports/report-view.js';
import { CallReportsService } from '../services/call-reports.service.js';

const MINUTE_HOURS = 1 / 60;

/** How calls went, by what all gateways have settled. */
@AdminOnly()
@Controller('api/monitoring')
export class CallReportsController {
  constructor(private readonly reports: CallReportsService) {}

  /** Attempts that failed, the latest first, also those that another provider made good for. */
  @Get('errors/:provider')
  async errors(@Param('provider') provider: string, @Query(VALIDATION) query: ErrorsQuery): Promise<object> {
    const { hours, limit, offset } = query;
    const found = await this.reports.failures(provider, hours, { limit: limit + 1, offset });
    const errors = found.slice(0, limit).map(({ call_id, ...rest }) => ({ request_id: call_id, ...rest }));
    return { provider, errors, has_more: found.length > limit, offset };
  }

  /** The last minute and the last five, of all gateways; what runs at this moment, of this one. */
  @Get('stats/realtime')
  async realtime(): Promise<object> {
    const spans = { last_minute: 1, last_five_minutes: 5 };
    const shown = Object.entries(spans).map(async ([name, minutes]) => {
      const rows = await this.reports.lately({ hours: minutes * MINUTE_HOURS, groupBy: 'provider' });
      const providers = rows.map((row) => ({
        provider: row.label,
        ...viewPace(row, minutes * 60),
        ...viewCalls(row),
        ...viewMoney(row),
      }));
      return [name, { providers }] as const;
    });
    const timestamp = new Date().toISOString();
    return { timestamp, in_progress: this.reports.inProgress(), ...Object.fromEntries(await Promise.all(shown)) };
  }

  @Get('stats/hourly/:provider')
  async hourly(@Param('provider') provider: string, @Query(VALIDATION) { hours }: HoursQuery): Promise<object> {
    const rows = await this.reports.lately({ hours, provider, groupBy: 'hour' });
    const data = rows.map((row) => ({ hour: row.label, ...viewCalls(row), ...viewTokens(row), ...viewMoney(row) }));
    return { provider, data };
  }

  @Get('providers/comparison')
  async comparison(@Query(VALIDATION) { hours }: HoursQuery): Promise<object> {
    const rows = await this.reports.lately({ hours, groupBy: 'provider' });
    const providers = rows.map((row) => ({
      provider: row.label,
      ...viewCalls(row),
      ...viewLatency(row),
      ...viewMoney(row),
      cost_per_thousand_tokens: perThousand(row.cost, row.input_tokens + row.output_tokens),
      health_score: this.reports.scoreOf(row.label),
    }));
    return { hours, providers };
  }

  @Get('latency/:provider/*id')
  async latency(
    @Param('provider') provider: string,
    @NameInPath() model: string,
    @Query(VALIDATION) { hours }: HoursQuery,
  ): Promise<object> {
    const offer = { provider, model, hours };
    const [row, histogram] = await Promise.all([this.reports.ofOffer(offer), this.reports.histogram(offer)]);
    return { ...offer, samples: row.completed, ...viewLatency(row), histogram };
  }

  @Get('latency-trends/:provider')
  async latencyTrends(@Param('provider') provider: string, @Query(VALIDATION) { hours }: HoursQuery): Promise<object> {
    const rows = await this.reports.lately({ hours, provider, groupBy: 'hour' });
    return { provider, data: rows.map((row) => ({ hour: row.label, samples: row.completed, ...viewLatency(row) })) };
  }

  @Get('error-rates')
  async errorRates(@Query(VALIDATION) { hours }: HoursQuery): Promise<object> {
    const [offers, time] = await Promise.all([
      this.reports.lately({ hours, groupBy: 'offer' }),
      this.reports.lately({ hours, groupBy: 'hour' }),
    ]);
    return {
      hours,
      offers: offers.map((row) => {
        const colon = row.label.indexOf(':');
        return { provider: row.label.slice(0, colon), model: row.label.slice(colon + 1), ...viewCalls(row) };
      }),
      over_time: time.map((row) => ({ hour: row.label, ...viewCalls(row) })),
    };
  }

  @Get('token-efficiency/:provider/*id')
  async tokenEfficiency(
    @Param('provider') provider: string,
    @NameInPath() model: string,
    @Query(VALIDATION) { hours }: HoursQuery,
  ): Promise<object> {
    const offer = { provider, model, hours };
    const row = await this.reports.ofOffer(offer);
    return { ...offer, requests: row.requests, ...viewTokens(row), ...viewEfficiency(row) };
  }

  /** What calls brought in and cost us, what we earn with callers' own keys, and what nobody got anything for. */
  @Get('cost-analysis')
  async costAnalysis(@Query(VALIDATION) { days }: DaysQuery): Promise<object> {
    return { days, ...viewCosts(await this.reports.costs(days)) };
  }
}
