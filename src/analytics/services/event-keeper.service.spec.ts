import { Logger } from '@nestjs/common';
import { DatabaseError, DatabaseUnavailableError } from '../../platform/database/database-errors.js';
import type { DatabaseState } from '../../platform/database/database-state.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import type { AnalyticsEvent } from '../analytics-event.js';
import { AnalyticsMetrics } from '../analytics.metrics.js';
import { EventKeeperService } from './event-keeper.service.js';

const ROOM = 20_000;

/** A keeper, and what became of the events. */
class Subject {
  state: DatabaseState = 'up';
  failure: Error | undefined;
  readonly batches: (readonly AnalyticsEvent[])[] = [];
  /** What happens while the database is at a batch. */
  meanwhile: () => void = () => undefined;
  private readonly registry = new MetricsRegistry({ METRICS_MAX_SERIES: 100 });
  readonly keeper = new EventKeeperService(
    { keep: (batch: readonly AnalyticsEvent[]) => this.take(batch) } as never,
    this as never,
    new AnalyticsMetrics(this.registry),
  );

  tell(events: number): void {
    for (let count = 0; count < events; count += 1) this.keeper.keep(anEvent(`event-${count}`));
  }

  get kept(): number {
    return this.batches.reduce((sum, { length }) => sum + length, 0);
  }

  async counted(result: string): Promise<number> {
    const readings = await this.registry.read('gatewayz_analytics_events_total');
    return readings.find(({ labels }) => labels['result'] === result)?.value ?? 0;
  }

  private async take(batch: readonly AnalyticsEvent[]): Promise<void> {
    await Promise.resolve();
    this.meanwhile();
    if (this.failure) throw this.failure;
    this.batches.push(batch);
  }
}

function anEvent(id: string): AnalyticsEvent {
  return { userId: 'user', apiKeyId: 'key', source: 'gateway', id, name: 'inference', properties: {}, at: 0 };
}

describe('events of calls', () => {
  let subject: Subject;

  beforeEach(() => {
    Logger.overrideLogger(false);
    subject = new Subject();
  });

  it('go to the database in batches, in their order, also those that come meanwhile', async () => {
    subject.tell(1_100);
    subject.meanwhile = () => {
      subject.meanwhile = () => undefined;
      subject.tell(1);
    };
    await subject.keeper.flush();
    expect(subject.batches.map(({ length }) => length)).toEqual([500, 500, 101]);
    expect(subject.batches[1]?.[0]?.id).toBe('event-500');
    expect(await subject.counted('kept')).toBe(1_101);
  });

  it('go there once, however often the timer fires', async () => {
    subject.tell(600);
    await Promise.all([subject.keeper.flush(), subject.keeper.flush(), subject.keeper.flush()]);
    expect(subject.kept).toBe(600);
  });

  it('wait while the database is away, and go there when it is back', async () => {
    subject.tell(700);
    subject.state = 'down';
    await subject.keeper.flush();
    subject.state = 'up';
    subject.failure = new DatabaseUnavailableError();
    await subject.keeper.flush();
    expect(subject.kept).toBe(0);
    subject.failure = undefined;
    await subject.keeper.flush();
    expect(subject.kept).toBe(700);
    expect(await subject.counted('dropped')).toBe(0);
  });

  it('are dropped and counted when too many wait, the ones that wait already are kept', async () => {
    subject.tell(ROOM + 5);
    expect(await subject.counted('dropped')).toBe(5);
    await subject.keeper.flush();
    expect(subject.kept).toBe(ROOM);
  });

  it('that the database refuses do not keep the others waiting', async () => {
    subject.tell(600);
    subject.failure = new DatabaseError('22P02', 'no');
    subject.meanwhile = () => {
      if (subject.batches.length === 0 && subject.failure) queueMicrotask(() => (subject.failure = undefined));
    };
    await subject.keeper.flush();
    expect(await subject.counted('dropped')).toBe(500);
    expect(await subject.counted('kept')).toBe(100);
  });

  it('go there once more before the gateway ends, and are counted where that cannot be', async () => {
    subject.tell(3);
    await subject.keeper.beforeApplicationShutdown();
    expect(subject.kept).toBe(3);
    subject.tell(2);
    subject.state = 'down';
    await subject.keeper.beforeApplicationShutdown();
    expect(await subject.counted('dropped')).toBe(2);
  });
});
