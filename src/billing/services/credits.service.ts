import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { IdempotencyConflictError } from '../../idempotency/idempotency-errors.js';
import { NotFoundError } from '../../platform/errors/request-errors.js';
import type { NanoDollars } from '../../platform/money/nano-dollars.js';
import type { Standing } from '../admission/books.js';
import type { LedgerEntry, LedgerPosition, Movement } from '../ledger/movement.js';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import { SpendingRepository } from '../persistence/spending.repository.js';
import { AdmissionService } from './admission.service.js';

/** What a user has, and what of it is spoken for. */
export interface Balance extends Standing {
  readonly credits: NanoDollars;
  /** How far below zero it may go; undefined is without limit. */
  readonly creditLine: NanoDollars | undefined;
}

@Injectable()
export class CreditsService {
  constructor(
    private readonly spending: SpendingRepository,
    private readonly ledger: LedgerRepository,
    private readonly admissions: AdmissionService,
  ) {}

  /** @throws DatabaseUnavailableError, RedisUnavailableError */
  async balance({ userId, apiKeyId }: Pick<Caller, 'userId' | 'apiKeyId'>): Promise<Balance> {
    const state = await this.spending.stateOf(userId, apiKeyId);
    if (!state) throw new NotFoundError('There is no such user.');
    const { held, unsettled } = await this.admissions.books.standing(userId);
    return { credits: state.credited - state.debited, creditLine: state.creditLine, held, unsettled };
  }

  statement(userId: string, limit: number, before?: LedgerPosition): Promise<LedgerEntry[]> {
    return this.ledger.statement(userId, limit, before);
  }

  /**
   * Moves credits once, however often it is asked with the same reference; whether this was the time.
   * @throws NotFoundError, IdempotencyConflictError
   */
  async move(movement: Movement): Promise<boolean> {
    const { outcome, totals } = await this.ledger.post(movement);
    if (outcome === 'unknown_user') throw new NotFoundError('There is no such user.');
    if (outcome === 'conflict')
      throw new IdempotencyConflictError('This reference was used for another movement of credits.');
    // Whoever does not hear of it asks the database before it refuses a call.
    if (totals) await Promise.resolve(this.admissions.books.hear(totals, 0n)).catch(() => undefined);
    return outcome === 'posted';
  }
}
