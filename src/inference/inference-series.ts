import { toApproximateDollars } from '../platform/money/nano-dollars.js';
import type { CounterCell } from '../platform/metrics/cell-counter.js';
import { KeptCells } from '../platform/metrics/kept-cells.js';
import type { HistogramCell } from '../platform/metrics/cell-histogram.js';
import { inputTokens, outputTokens } from '../providers/token-usage.js';
import type { Bill } from './bill.js';
import type { Attempt } from './attempt.js';
import type { InferenceInstruments } from './inference-instruments.js';

/** One model at one provider, asked for through one endpoint. */
export interface OfferLabels {
  readonly provider: string;
  readonly model: string;
  readonly endpoint: string;
}

/** When a request arrived, was known, and was read; milliseconds of `performance.now()`. */
export interface ArrivalTimes {
  readonly startedAt: number;
  readonly authenticatedAt: number;
  readonly parsedAt: number;
}

/** The series of one offer, looked up once instead of for each call. */
export class OfferSeries {
  private readonly byStatus: KeptCells<CounterCell>;
  private readonly tokensOf: KeptCells<CounterCell>;
  private readonly duration: HistogramCell;
  private readonly firstChunk: HistogramCell;
  private readonly responseTime: HistogramCell;
  private readonly backendTtfb: HistogramCell;
  private readonly streaming: HistogramCell;
  private readonly credits: CounterCell;
  private readonly cost: CounterCell;
  private readonly malformedEvents: CounterCell;

  constructor(instruments: InferenceInstruments, { provider, model, endpoint }: OfferLabels) {
    this.byStatus = new KeptCells((status) => instruments.requests.cell({ provider, model, status }));
    this.tokensOf = new KeptCells((type) => instruments.tokens.cell({ provider, model, token_type: type }));
    this.duration = instruments.duration.cell({ provider, model });
    this.firstChunk = instruments.firstChunk.cell({ provider, model });
    this.responseTime = instruments.responseTime.cell({ provider });
    this.backendTtfb = instruments.backendTtfb.cell({ provider, model, endpoint });
    this.streaming = instruments.streaming.cell({ provider, model, endpoint });
    this.credits = instruments.credits.cell({ provider, model });
    this.cost = instruments.cost.cell({ provider });
    this.malformedEvents = instruments.malformedEvents.cell({ provider });
  }

  attempted(status: string, attempt: Attempt): void {
    this.byStatus.of(status).add();
    if (attempt.decoder) this.malformedEvents.add(attempt.decoder.malformedEvents);
    if (attempt.respondedAt !== undefined) this.responseTime.observe(seconds(attempt.startedAt, attempt.respondedAt));
  }

  billed({ usage, credits, cost }: Bill): void {
    this.tokens('input', inputTokens(usage));
    this.tokens('output', outputTokens(usage));
    this.tokens('cached_input', usage.cacheRead);
    this.tokens('reasoning', usage.reasoning);
    this.credits.add(toApproximateDollars(credits));
    this.cost.add(toApproximateDollars(cost));
  }

  timed({ startedAt, respondedAt, firstTokenAt, endedAt }: Attempt, isStream: boolean, traceId: string): void {
    if (endedAt === undefined) return;
    this.duration.observe(seconds(startedAt, endedAt), traceId);
    if (respondedAt !== undefined) this.backendTtfb.observe(seconds(startedAt, respondedAt));
    if (firstTokenAt === undefined || !isStream) return;
    this.firstChunk.observe(seconds(startedAt, firstTokenAt), traceId);
    this.streaming.observe(seconds(firstTokenAt, endedAt));
  }

  private tokens(type: string, count: number): void {
    if (count > 0) this.tokensOf.of(type).add(count);
  }
}

/** The series of one endpoint: where the time of its calls goes. */
export class EndpointSeries {
  private readonly frontend: HistogramCell;
  private readonly authentication: HistogramCell;
  private readonly parsing: HistogramCell;
  private readonly preparation: HistogramCell;
  private readonly backend: HistogramCell;
  private readonly streaming: HistogramCell;

  constructor({ frontend, stages }: InferenceInstruments, endpoint: string) {
    this.frontend = frontend.cell({ endpoint });
    this.authentication = stages.cell({ stage: 'auth_validation', endpoint });
    this.parsing = stages.cell({ stage: 'request_parsing', endpoint });
    this.preparation = stages.cell({ stage: 'request_preparation', endpoint });
    this.backend = stages.cell({ stage: 'backend_fetch', endpoint });
    this.streaming = stages.cell({ stage: 'stream_processing', endpoint });
  }

  timed({ startedAt, authenticatedAt, parsedAt }: ArrivalTimes, attempt: Attempt, isStream: boolean): void {
    const endedAt = attempt.endedAt ?? attempt.startedAt;
    const { firstTokenAt = endedAt } = attempt;
    this.frontend.observe(seconds(startedAt, attempt.startedAt));
    this.authentication.observe(seconds(startedAt, authenticatedAt));
    this.parsing.observe(seconds(authenticatedAt, parsedAt));
    this.preparation.observe(seconds(parsedAt, attempt.startedAt));
    this.backend.observe(seconds(attempt.startedAt, firstTokenAt));
    if (isStream) this.streaming.observe(seconds(firstTokenAt, endedAt));
  }
}

function seconds(from: number, to: number): number {
  return Math.max(to - from, 0) / 1000;
}
