import { Injectable, Logger } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { offerKey } from '../../providers/offer-key.js';
import { TrafficService } from '../../providers/services/traffic.service.js';
import type { OfferCount } from '../../providers/traffic/offer-count.js';
import { NO_CALLS } from '../../providers/traffic/tally.js';
import type { MergedReports } from '../health-report.js';
import { OfferHoursRepository } from '../persistence/offer-hours.repository.js';

const NONE = { attempts: 0, answered: 0 };

/** Counts of a day that outlive the gateways that counted: without the database those of running gateways have to do. */
@Injectable()
export class DayCountsService {
  private readonly log = new Logger(DayCountsService.name);
  /** Of this gateway's own counts, what the database has. */
  private readonly told = new Map<string, OfferCount>();

  constructor(
    private readonly traffic: TrafficService,
    private readonly database: DatabaseService,
    private readonly repository: OfferHoursRepository,
  ) {}

  /** The same reports, with the counts of the day that the database has. Never throws. */
  async complete(reports: MergedReports): Promise<MergedReports> {
    if (this.database.state !== 'up') return reports;
    try {
      return withDay(reports, await this.tell());
    } catch (error) {
      this.log.warn({ err: error }, 'the uptime of models is from running gateways only');
      return reports;
    }
  }

  private async tell(): Promise<OfferCount[]> {
    const totals = this.traffic.totals();
    const day = await this.repository.add(
      totals.map((total) => this.since(total)).filter(({ attempts }) => attempts > 0),
    );
    for (const total of totals) this.told.set(offerKey(total.providerId, total.modelId), total);
    return day;
  }

  private since(total: OfferCount): OfferCount {
    const told = this.told.get(offerKey(total.providerId, total.modelId)) ?? NONE;
    // What was forgotten because others were busier begins at nought again.
    const { attempts, answered } = told.attempts > total.attempts ? NONE : told;
    return { ...total, attempts: total.attempts - attempts, answered: total.answered - answered };
  }
}

function withDay(reports: MergedReports, day: readonly OfferCount[]): MergedReports {
  const recent = reports.offers.map((offer) => ({
    ...offer,
    tally: { ...offer.tally, dayAttempts: 0, dayAnswered: 0 },
  }));
  const counted = day.map(({ attempts, answered, ...offer }) => ({
    ...offer,
    tally: { ...NO_CALLS, dayAttempts: attempts, dayAnswered: answered },
  }));
  return { ...reports, offers: [...recent, ...counted] };
}
