import { Inject, Injectable, Logger } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { RedisUnavailableError } from '../../platform/redis/redis-errors.js';
import type { Eventually } from '../../platform/eventually.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import { AdmissionRefusedError } from '../admission/admission-errors.js';
import type { AdmissionRequest, Decision } from '../admission/admission-request.js';
import { Admission } from '../admission/admission.js';
import type { Books } from '../admission/books.js';
import { BillingMetrics } from '../billing.metrics.js';
import { SharedBooks } from '../persistence/shared-books.js';
import { AccountService } from './account.service.js';
import { LocalBooks } from './local-books.js';

const UNKNOWN_ACCOUNT: Decision = { refusal: { reason: 'credits', retryAfterMs: undefined, rates: {} } };

/** Decides in one atomic step whether a call may begin, and sets aside the most that it may use and cost. */
@Injectable()
export class AdmissionService {
  private readonly log = new Logger(AdmissionService.name);
  /** Those that decide: of all gateways, or of this one. */
  readonly books: Books;

  constructor(
    @Inject(ENV) private readonly env: Env,
    redis: RedisService,
    shared: SharedBooks,
    private readonly local: LocalBooks,
    private readonly accounts: AccountService,
    private readonly metrics: BillingMetrics,
  ) {
    this.books = redis.isConfigured ? shared : local;
  }

  /**
   * At once where the books are in memory and know who asks.
   * @throws AdmissionRefusedError; DatabaseUnavailableError or RedisUnavailableError when nobody can tell
   */
  admit(request: AdmissionRequest): Eventually<Admission> {
    const decision = this.books.admit(request);
    if (decision && 'lease' in decision) return new Admission(this.books, decision.lease);
    return this.admitInTime(request, decision);
  }

  private async admitInTime(request: AdmissionRequest, first: Eventually<Decision | undefined>): Promise<Admission> {
    try {
      return await this.admitBy(this.books, request, await first);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError) || this.env.REDIS_FAILURE === 'closed') throw error;
      this.log.debug({ err: error }, 'admitted by the books of this process');
      return this.admitBy(this.local, request, this.local.admit(request));
    }
  }

  private async admitBy(books: Books, request: AdmissionRequest, first: Decision | undefined): Promise<Admission> {
    const decision = first ?? (await this.afterOpening(books, request));
    if ('lease' in decision) return new Admission(books, decision.lease);
    const isShort = decision.refusal.reason === 'credits' && this.accounts.mayRefresh(request.caller);
    const last = isShort ? await this.afterOpening(books, request) : decision;
    if ('lease' in last) return new Admission(books, last.lease);
    this.metrics.limited(last.refusal.reason);
    throw new AdmissionRefusedError(last.refusal);
  }

  private async afterOpening(books: Books, request: AdmissionRequest): Promise<Decision> {
    await this.accounts.open(books, request.caller);
    return (await books.admit(request)) ?? UNKNOWN_ACCOUNT;
  }
}
