import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { ENV, type Env } from '../../config/env.js';
import { growingCache } from '../../platform/cache/growing-cache.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { MinuteWindow } from '../../platform/limits/minute-window.js';
import type { AnalyticsEvent } from '../analytics-event.js';
import { AnalyticsMetrics } from '../analytics.metrics.js';
import { EventRepository } from '../persistence/event.repository.js';

const MINUTE_MS = 60_000;
const MOST_WINDOWS = 50_000;
const BATCH = 1_000;

export class TooManyEventsError extends GatewayError {
  override readonly name = 'TooManyEventsError';
  readonly kind = 'rate_limited';
  readonly code = 'requests';
  override readonly headers: Readonly<Record<string, string>>;

  constructor(limit: number, retryAfterMs: number) {
    super(`Only ${limit} analytics events a minute are taken of one user.`);
    this.headers = { 'retry-after': String(Math.max(Math.ceil(retryAfterMs / 1000), 1)) };
  }
}

/** An event as a caller tells it. */
export type ToldEvent = Pick<AnalyticsEvent, 'id' | 'name' | 'properties' | 'at'>;

/** Takes the events that callers tell, at a bounded rate for each user on this gateway. */
@Injectable()
export class EventIntakeService {
  private readonly windows = growingCache<MinuteWindow>(MOST_WINDOWS);

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly repository: EventRepository,
    private readonly metrics: AnalyticsMetrics,
  ) {}

  /**
   * Counts what is sent, good or bad, before anybody looks at it.
   * @throws TooManyEventsError
   */
  admit({ userId }: Caller, events: number): void {
    const { ANALYTICS_EVENTS_PER_MINUTE: limit } = this.env;
    const now = Date.now();
    const window = this.windows.get(userId) ?? new MinuteWindow();
    this.windows.set(userId, window);
    if (window.remaining(limit, now) < events) {
      throw new TooManyEventsError(limit, window.freeAfterMs(events, limit, now) ?? MINUTE_MS);
    }
    window.add(events, now);
  }

  /** Resolves once the database has them. @throws DatabaseUnavailableError: to be sent again */
  async take({ userId, apiKeyId }: Caller, told: readonly ToldEvent[], rejected: number): Promise<void> {
    this.metrics.count('rejected', rejected);
    for (let start = 0; start < told.length; start += BATCH) {
      const batch = told.slice(start, start + BATCH);
      await this.repository.keep(batch.map((event) => ({ ...event, userId, apiKeyId, source: 'caller' })));
      this.metrics.count('kept', batch.length);
    }
  }
}
