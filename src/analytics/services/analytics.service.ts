import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SETTLED_CALLS, type SettledCall } from '../../billing/settled-call.js';
import type { UsageRecord } from '../../billing/usage-record.js';
import { ENV, type Env } from '../../config/env.js';
import type { Topic } from '../../platform/events/topic.js';
import type { JsonObject } from '../../platform/json/json-document.js';
import { formatDollars } from '../../platform/money/nano-dollars.js';
import { EventKeeperService } from './event-keeper.service.js';

/** Makes events of calls that were settled: what happened, and what it cost. */
@Injectable()
export class AnalyticsService implements OnModuleInit {
  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(SETTLED_CALLS) private readonly settledCalls: Topic<SettledCall>,
    private readonly keeper: EventKeeperService,
  ) {}

  onModuleInit(): void {
    if (this.env.ANALYTICS_CALL_EVENTS === 'off') return;
    this.settledCalls.listen((call) => {
      this.trackInference(call);
      this.trackCost(call);
    });
  }

  /** What was asked of whom, how it ended, how long it took, and the tokens by kind. */
  trackInference({ record }: SettledCall): void {
    const { cacheWrite, cacheWriteHour, ...usage } = record.usage;
    this.keep('inference', record, {
      endpoint: record.endpoint,
      status: record.status,
      streamed: record.isStream,
      attempts: record.attempts,
      duration_ms: Math.round(record.durationMs),
      ...(record.firstTokenMs !== undefined && { first_token_ms: Math.round(record.firstTokenMs) }),
      input_tokens: usage.input,
      cache_read_tokens: usage.cacheRead,
      cache_write_tokens: cacheWrite + cacheWriteHour,
      output_tokens: usage.output,
      reasoning_tokens: usage.reasoning,
      audio_input_tokens: usage.audioInput,
      audio_output_tokens: usage.audioOutput,
      token_source: record.tokenSource,
    });
  }

  /** What the caller paid and what the provider charges us, in dollars as text. */
  trackCost({ record, charged }: SettledCall): void {
    this.keep('cost', record, { credits_used: formatDollars(charged), cost: formatDollars(record.cost) });
  }

  private keep(name: string, record: UsageRecord, properties: JsonObject): void {
    const { requestId, userId, apiKeyId, modelId, providerId } = record;
    this.keeper.keep({
      userId,
      apiKeyId,
      source: 'gateway',
      id: `${requestId}:${name}`,
      name,
      properties: { request_id: requestId, model: modelId, provider: providerId, ...properties },
      at: record.endedAt,
    });
  }
}
