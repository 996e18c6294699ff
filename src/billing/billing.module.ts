import { Module } from '@nestjs/common';
import { BillingMetrics } from './billing.metrics.js';
import { LedgerRepository } from './persistence/ledger.repository.js';
import { SharedBooks } from './persistence/shared-books.js';
import { SharedRecords } from './persistence/shared-records.js';
import { SpendingRepository } from './persistence/spending.repository.js';
import { TransactionRepository } from './persistence/transaction.repository.js';
import { UsageJournal } from './persistence/usage-journal.js';
import { AdminCreditsController } from './routes/admin-credits.controller.js';
import { CreditsController } from './routes/credits.controller.js';
import { AccountService } from './services/account.service.js';
import { AdmissionService } from './services/admission.service.js';
import { ChargeService } from './services/charge.service.js';
import { CreditsService } from './services/credits.service.js';
import { FileRecords } from './services/file-records.js';
import { LocalBooks } from './services/local-books.js';
import { ReconciliationService } from './services/reconciliation.service.js';
import { RecentTransactions } from './services/recent-transactions.js';
import { RecordMover } from './services/record-mover.js';
import { RetentionService } from './services/retention.service.js';
import { SettlementService } from './services/settlement.service.js';
import { TokenCounter } from './services/token-counter.js';
import { TransactionsService } from './services/transactions.service.js';

@Module({
  controllers: [AdminCreditsController, CreditsController],
  providers: [
    AccountService,
    AdmissionService,
    BillingMetrics,
    ChargeService,
    CreditsService,
    FileRecords,
    LedgerRepository,
    LocalBooks,
    ReconciliationService,
    RecentTransactions,
    RecordMover,
    RetentionService,
    SettlementService,
    SharedBooks,
    SharedRecords,
    SpendingRepository,
    TokenCounter,
    TransactionRepository,
    TransactionsService,
    UsageJournal,
  ],
  exports: [AdmissionService, ChargeService, TokenCounter, TransactionsService],
})
export class BillingModule {}
