import { Injectable } from '@nestjs/common';
import { toApproximateDollars, type NanoDollars } from '../platform/money/nano-dollars.js';
import type { CounterCell } from '../platform/metrics/cell-counter.js';
import { KeptCells } from '../platform/metrics/kept-cells.js';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import type { RefusalReason } from './admission/admission-request.js';
import { UsageJournal } from './persistence/usage-journal.js';
import type { TokenSource } from './usage-record.js';

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30];

@Injectable()
export class BillingMetrics {
  private readonly settlements;
  private readonly latency;
  private readonly sources;
  private readonly refusals;
  private readonly drift;
  private readonly countedBy = {
    provider: this.countedByProvider('provider'),
    counted: this.countedByProvider('counted'),
    none: this.countedByProvider('none'),
  };
  private readonly journalledAt = new KeptCells((endpoint) => {
    return this.settlements.cell({ status: 'journalled', endpoint });
  });

  constructor(registry: MetricsRegistry, journal: UsageJournal) {
    this.settlements = registry.counter({
      group: 'business',
      name: 'gatewayz_credit_settlements_total',
      help: 'Usage records: journalled by endpoint, then settled in or refused by the database.',
      labels: ['status', 'endpoint'],
    });
    this.latency = registry.histogram({
      group: 'business',
      name: 'gatewayz_credit_settlement_latency_seconds',
      help: 'From the end of the oldest call of a batch to its record in the database.',
      buckets: SECONDS,
    });
    this.sources = registry.counter({
      group: 'business',
      name: 'gatewayz_token_count_source_total',
      help: 'Calls by where their token figures come from.',
      labels: ['provider', 'source'],
    });
    this.refusals = registry.counter({
      group: 'business',
      name: 'rate_limited_requests_total',
      help: 'Calls that were refused because of a limit, a budget or the balance.',
      labels: ['limit_type'],
    });
    this.drift = registry.gauge({
      group: 'business',
      name: 'gatewayz_credit_drift_dollars',
      help: 'What the nightly reconciliation found to differ from the ledger. Anything but zero is a fault.',
      labels: ['between'],
    });
    registry.gauge({
      group: 'business',
      name: 'gatewayz_journal_backlog',
      help: 'Bytes of usage records that the database does not have yet.',
      collect: (gauge) => {
        gauge.set(journal.backlogBytes);
      },
    });
  }

  counted(provider: string, source: TokenSource): void {
    this.countedBy[source].of(provider).add();
  }

  limited(limitType: RefusalReason): void {
    this.refusals.cell({ limit_type: limitType }).add();
  }

  journalled(endpoint: string): void {
    this.journalledAt.of(endpoint).add();
  }

  /** The database took a batch whose oldest call ended then. */
  settled(records: number, oldestEndedAt: number): void {
    this.settlements.cell({ status: 'settled', endpoint: 'all' }).add(records);
    this.latency.cell({}).observe(Math.max(Date.now() - oldestEndedAt, 0) / 1000);
  }

  drifted(balances: NanoDollars, transactions: NanoDollars): void {
    this.drift.set({ between: 'balances' }, toApproximateDollars(balances));
    this.drift.set({ between: 'transactions' }, toApproximateDollars(transactions));
  }

  refused(): void {
    this.settlements.cell({ status: 'refused', endpoint: 'all' }).add();
  }

  private countedByProvider(source: TokenSource): KeptCells<CounterCell> {
    return new KeptCells((provider) => this.sources.cell({ provider, source }));
  }
}
