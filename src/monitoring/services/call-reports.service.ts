import { Injectable } from '@nestjs/common';
import { CatalogService } from '../../catalog/services/catalog.service.js';
import { ProviderHealthService } from '../../health/services/provider-health.service.js';
import { StandingService } from '../../inference/services/standing.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import type {
  CallReportRow,
  CostReportRow,
  FailedAttemptRow,
  LatencyBucketRow,
} from '../../platform/database/report-rows.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { CallReportRepository, type ReportQuestion, type Span } from '../persistence/call-report.repository.js';
import { NO_CALLS } from '../reports/report-view.js';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** What a call takes, from an embedding to a long thought. */
const LATENCY_BOUNDS_MS = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 60_000, 120_000, 300_000];

/** Calls to look at: the last so many hours, of all or of some. */
export type Lately = Pick<ReportQuestion, 'provider' | 'model' | 'groupBy'> & { readonly hours: number };

/** A model at one of its providers. */
export interface OfferLately {
  readonly provider: string;
  readonly model: string;
  readonly hours: number;
}

/** How the calls of all gateways went, by what was settled. */
@Injectable()
export class CallReportsService {
  constructor(
    private readonly repository: CallReportRepository,
    private readonly registry: ProviderRegistryService,
    private readonly catalog: CatalogService,
    private readonly health: ProviderHealthService,
    private readonly standings: StandingService,
  ) {}

  /** @throws DatabaseUnavailableError, NotFoundError, ModelNotFoundError */
  async lately({ hours, provider, model, groupBy }: Lately): Promise<CallReportRow[]> {
    if (provider !== undefined) this.mustKnow(provider);
    return this.repository.report({
      ...lastHours(hours),
      groupBy,
      ...(provider !== undefined && { provider }),
      ...(model !== undefined && { model: this.catalog.resolve(model).id }),
    });
  }

  /** All together. @throws DatabaseUnavailableError, NotFoundError, ModelNotFoundError */
  async ofOffer(offer: OfferLately): Promise<CallReportRow> {
    const [row] = await this.lately({ ...offer, groupBy: 'all' });
    return row ?? NO_CALLS;
  }

  /** Completed calls by how long they took. @throws DatabaseUnavailableError, NotFoundError, ModelNotFoundError */
  async histogram({ provider, model, hours }: OfferLately): Promise<LatencyBucketRow[]> {
    this.mustKnow(provider);
    const offer = { provider, model: this.catalog.resolve(model).id };
    return this.repository.histogram({ ...lastHours(hours), ...offer }, LATENCY_BOUNDS_MS);
  }

  /** @throws DatabaseUnavailableError */
  costs(days: number): Promise<CostReportRow[]> {
    return this.repository.costs(lastHours(days * DAY_HOURS));
  }

  /** Attempts that run now on this gateway, by provider. */
  inProgress(): Readonly<Record<string, number>> {
    return this.standings.inProgress();
  }

  /** @throws DatabaseUnavailableError, NotFoundError */
  async failures(
    provider: string,
    hours: number,
    page: { limit: number; offset: number },
  ): Promise<FailedAttemptRow[]> {
    this.mustKnow(provider);
    return this.repository.failures(provider, Date.now() - hours * HOUR_MS, page);
  }

  /** From 0 to 1; null when unknown. */
  scoreOf(provider: string): number | null {
    return this.health.of(provider)?.score ?? null;
  }

  private mustKnow(provider: string): void {
    if (!this.registry.find(provider)) throw new NotFoundError(`There is no provider "${provider.slice(0, 200)}".`);
  }
}

function lastHours(hours: number): Span {
  const to = Date.now();
  return { from: to - hours * HOUR_MS, to };
}
