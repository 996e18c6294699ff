import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DatabaseService } from '../../platform/database/database.service.js';
import { TransactionRepository } from '../persistence/transaction.repository.js';

/** Keeps append-only tables from growing for ever. Several gateways may run it; deleting twice does no harm. */
@Injectable()
export class RetentionService {
  private readonly log = new Logger(RetentionService.name);

  constructor(
    private readonly transactions: TransactionRepository,
    private readonly database: DatabaseService,
  ) {}

  @Cron(CronExpression.EVERY_DAY_AT_3AM)
  async apply(): Promise<void> {
    if (this.database.state !== 'up') return;
    try {
      const rows = await this.transactions.applyRetention();
      if (rows > 0) this.log.log({ rows }, 'deleted transactions beyond their retention');
    } catch (error) {
      this.log.warn({ err: error }, 'retention could not be applied');
    }
  }
}
