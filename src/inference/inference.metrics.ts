import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../platform/metrics/metrics-registry.js';
import { toApproximateDollars } from '../platform/money/nano-dollars.js';
import type { Offer } from '../catalog/catalog-model.js';
import { inputTokens, outputTokens } from '../providers/token-usage.js';
import type { Bill } from './bill.js';
import type { Attempt, CallAccount } from './call-account.js';
import type { InferenceCall } from './inference-call.js';
import { defineInferenceMetrics, type InferenceInstruments } from './inference-instruments.js';

/** Feeds the metrics of model calls: once when an attempt fails, once when a call ends. */
@Injectable()
export class InferenceMetrics {
  private readonly instruments: InferenceInstruments;
  /** Output and input tokens of each model, for their ratio. */
  private readonly efficiency = new Map<string, { input: number; output: number }>();

  constructor(registry: MetricsRegistry) {
    this.instruments = defineInferenceMetrics(registry, this.efficiency);
  }

  attemptFailed(attempt: Attempt, model: string): void {
    const labels = { provider: providerOf(attempt), model };
    this.instruments.requests.inc({ ...labels, status: 'error' });
    this.responded(attempt, labels.provider);
  }

  failedOver(from: Offer, to: Offer, reason: string): void {
    const labels = { from_provider: from.connected.provider.id, to_provider: to.connected.provider.id, reason };
    this.instruments.failovers.inc(labels);
  }

  ended(call: InferenceCall, account: CallAccount, bill: Bill): void {
    const attempt = account.last;
    if (!attempt) return;
    const provider = providerOf(attempt);
    const labels = { provider, model: account.modelId };
    // A failed attempt was counted when it failed; this is the one that served.
    if (!attempt.failure) {
      const status = account.status === 'completed' ? 'success' : account.status;
      this.instruments.requests.inc({ ...labels, status });
      this.responded(attempt, provider);
    }
    this.tokens(labels, bill);
    this.timings(call, attempt, labels);
  }

  private responded(attempt: Attempt, provider: string): void {
    if (attempt.respondedAt === undefined) return;
    this.instruments.responseTime.observe({ provider }, seconds(attempt.startedAt, attempt.respondedAt));
  }

  private tokens(labels: { provider: string; model: string }, { usage, credits, cost }: Bill): void {
    const { tokens } = this.instruments;
    const [input, output] = [inputTokens(usage), outputTokens(usage)];
    tokens.inc({ ...labels, token_type: 'input' }, input);
    tokens.inc({ ...labels, token_type: 'output' }, output);
    if (usage.cacheRead > 0) tokens.inc({ ...labels, token_type: 'cached_input' }, usage.cacheRead);
    if (usage.reasoning > 0) tokens.inc({ ...labels, token_type: 'reasoning' }, usage.reasoning);
    this.instruments.credits.inc(labels, toApproximateDollars(credits));
    this.instruments.cost.inc({ provider: labels.provider }, toApproximateDollars(cost));
    const sums = this.efficiency.get(labels.model) ?? { input: 0, output: 0 };
    this.efficiency.set(labels.model, { input: sums.input + input, output: sums.output + output });
  }

  private timings(call: InferenceCall, attempt: Attempt, labels: { provider: string; model: string }): void {
    const { endpoint, record } = call;
    const { startedAt, firstTokenAt, respondedAt } = attempt;
    const endedAt = attempt.endedAt ?? performance.now();
    const instruments = this.instruments;
    instruments.duration.observe(labels, seconds(startedAt, endedAt));
    if (respondedAt !== undefined) instruments.backendTtfb.observe({ ...labels, endpoint }, seconds(startedAt, respondedAt));
    if (firstTokenAt !== undefined && call.isStream) {
      instruments.firstChunk.observe(labels, seconds(startedAt, firstTokenAt));
      instruments.streaming.observe({ ...labels, endpoint }, seconds(firstTokenAt, endedAt));
      instruments.stages.observe({ stage: 'stream_processing', endpoint }, seconds(firstTokenAt, endedAt));
    }
    const authenticatedAt = record.authenticatedAt ?? record.startedAt;
    const parsedAt = record.parsedAt ?? authenticatedAt;
    instruments.frontend.observe({ endpoint }, seconds(record.startedAt, startedAt));
    instruments.stages.observe({ stage: 'auth_validation', endpoint }, seconds(record.startedAt, authenticatedAt));
    instruments.stages.observe({ stage: 'request_parsing', endpoint }, seconds(authenticatedAt, parsedAt));
    instruments.stages.observe({ stage: 'request_preparation', endpoint }, seconds(parsedAt, startedAt));
    instruments.stages.observe({ stage: 'backend_fetch', endpoint }, seconds(startedAt, firstTokenAt ?? endedAt));
  }
}

function providerOf(attempt: Attempt): string {
  return attempt.offer.connected.provider.id;
}

function seconds(from: number, to: number): number {
  return Math.max(to - from, 0) / 1000;
}
