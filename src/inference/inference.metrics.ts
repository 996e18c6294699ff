import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { inputTokens, outputTokens } from '../providers/token-usage.js';
import type { Bill } from './bill.js';
import type { Attempt } from './attempt.js';
import type { CallAccount } from './call-account.js';
import type { InferenceCall } from './inference-call.js';
import { defineInferenceMetrics, type InferenceInstruments, type TokenSums } from './inference-instruments.js';
import { offerKeyOf, providerIdOf, type Candidate } from './routing/candidate.js';
import { EndpointSeries, OfferSeries } from './inference-series.js';

/** Feeds the metrics of model calls: once when an attempt fails, once when a call ends. */
@Injectable()
export class InferenceMetrics {
  private readonly instruments: InferenceInstruments;
  /** By endpoint and offer. */
  private readonly offers = new Map<string, Map<string, OfferSeries>>();
  private readonly endpoints = new Map<string, EndpointSeries>();
  private readonly tokenSums = new Map<string, TokenSums>();

  constructor(registry: MetricsRegistry) {
    this.instruments = defineInferenceMetrics(registry, this.tokenSums);
  }

  attemptFailed(attempt: Attempt, endpoint: string): void {
    this.seriesOf(attempt, endpoint).attempted('error', attempt);
  }

  failedOver(from: Candidate, to: Candidate, reason: string): void {
    const labels = { from_provider: providerIdOf(from), to_provider: providerIdOf(to), reason };
    this.instruments.failovers.cell(labels).add();
  }

  /** A call might have gone on to another provider, but all calls together had done so too often. */
  retriesSpent(): void {
    this.instruments.retriesRefused.cell({}).add();
  }

  ended({ endpoint, record, isStream }: InferenceCall, account: CallAccount, bill: Bill): void {
    const attempt = account.last;
    if (!attempt) return;
    const series = this.seriesOf(attempt, endpoint);
    // An attempt that failed was counted when it did; this is the one that served.
    if (!attempt.failure) series.attempted(account.status === 'completed' ? 'success' : account.status, attempt);
    series.billed(bill);
    series.timed(attempt, isStream, record.traceId);
    this.sumUp(account.modelId, bill);
    const authenticatedAt = record.authenticatedAt ?? record.startedAt;
    const { startedAt, parsedAt = authenticatedAt } = record;
    this.endpointOf(endpoint).timed({ startedAt, authenticatedAt, parsedAt }, attempt, isStream);
  }

  private sumUp(model: string, { usage }: Bill): void {
    const sums = this.tokenSums.get(model) ?? { input: 0, output: 0 };
    sums.input += inputTokens(usage);
    sums.output += outputTokens(usage);
    this.tokenSums.set(model, sums);
  }

  private seriesOf(attempt: Attempt, endpoint: string): OfferSeries {
    const offers = this.offers.get(endpoint) ?? new Map<string, OfferSeries>();
    const key = offerKeyOf(attempt);
    const known = offers.get(key);
    if (known) return known;
    const series = new OfferSeries(this.instruments, {
      provider: providerIdOf(attempt),
      model: attempt.model.id,
      endpoint,
    });
    this.offers.set(endpoint, offers.set(key, series));
    return series;
  }

  private endpointOf(endpoint: string): EndpointSeries {
    let series = this.endpoints.get(endpoint);
    if (!series) {
      series = new EndpointSeries(this.instruments, endpoint);
      this.endpoints.set(endpoint, series);
    }
    return series;
  }
}
