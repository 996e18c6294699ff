import { Injectable } from '@nestjs/common';
import { CatalogService } from '../../catalog/services/catalog.service.js';
import { ProviderHealthService } from '../../health/services/provider-health.service.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import type { CallReportRow, FailedAttemptRow } from '../../platform/database/database-rows.js';
import { ProviderRegistryService } from '../../providers/services/provider-registry.service.js';
import { CallReportRepository, type ReportQuestion } from '../persistence/call-report.repository.js';

const HOUR_MS = 3_600_000;

/** Calls to look at: the last so many hours, of all or of some. */
export type Lately = Pick<ReportQuestion, 'provider' | 'model' | 'groupBy'> & { readonly hours: number };

/** How the calls of all gateways went, by what was settled. */
@Injectable()
export class CallReportsService {
  constructor(
    private readonly repository: CallReportRepository,
    private readonly registry: ProviderRegistryService,
    private readonly catalog: CatalogService,
    private readonly health: ProviderHealthService,
  ) {}

  /** @throws DatabaseUnavailableError, NotFoundError, ModelNotFoundError */
  async lately({ hours, provider, model, groupBy }: Lately): Promise<CallReportRow[]> {
    if (provider !== undefined) this.mustKnow(provider);
    const to = Date.now();
    return this.repository.report({
      from: to - hours * HOUR_MS,
      to,
      groupBy,
      ...(provider !== undefined && { provider }),
      ...(model !== undefined && { model: this.catalog.resolve(model).id }),
    });
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
