import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DatabaseService } from '../../platform/database/database.service.js';
import { BillingMetrics } from '../billing.metrics.js';
import { LedgerRepository } from '../persistence/ledger.repository.js';

/** Compares balances, ledger and transactions every night. Any difference is a fault of ours, and is told loudly. */
@Injectable()
export class ReconciliationService {
  private readonly log = new Logger(ReconciliationService.name);

  constructor(
    private readonly ledger: LedgerRepository,
    private readonly database: DatabaseService,
    private readonly metrics: BillingMetrics,
  ) {}

  @Cron(CronExpression.EVERY_DAY_AT_4AM)
  async compare(): Promise<void> {
    if (this.database.state !== 'up') return;
    try {
      const drift = await this.ledger.drift();
      this.metrics.drifted(drift.balance, drift.transactions);
      const isRight = drift.balance === 0n && drift.transactions === 0n;
      const facts = { users: drift.users, balance: String(drift.balance), transactions: String(drift.transactions) };
      if (isRight) this.log.log(facts, 'balances, ledger and transactions agree');
      else this.log.error(facts, 'balances, ledger and transactions differ (in nano-dollars)');
    } catch (error) {
      this.log.warn({ err: error }, 'reconciliation failed');
    }
  }
}
