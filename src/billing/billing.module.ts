import { Module } from '@nestjs/common';
import { BillingMetrics } from './billing.metrics.js';
import { TransactionRepository } from './persistence/transaction.repository.js';
import { UsageJournal } from './persistence/usage-journal.js';
import { RetentionService } from './services/retention.service.js';
import { SettlementService } from './services/settlement.service.js';
import { TokenCounter } from './services/token-counter.js';

@Module({
  providers: [BillingMetrics, RetentionService, SettlementService, TokenCounter, TransactionRepository, UsageJournal],
  exports: [SettlementService, TokenCounter, BillingMetrics],
})
export class BillingModule {}
