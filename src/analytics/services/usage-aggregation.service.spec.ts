import { Logger } from '@nestjs/common';
import type { Term } from '../../platform/scheduling/leader.service.js';
import { UsageAggregationService } from './usage-aggregation.service.js';

/** An aggregation of so many minutes that are due, each of which takes so long. */
class Subject {
  readonly asked: number[] = [];
  readonly term = { isOver: false };
  /** It leads until it asked so often. */
  mostQuestions = 1_000;
  failure: Error | undefined;
  readonly service: UsageAggregationService;

  constructor(
    private due: number,
    private readonly minuteMs = 0,
  ) {
    const leader = { run: (_: string, work: (term: Term) => Promise<void>) => work(this.term) };
    const usage = { aggregate: (most: number) => this.aggregate(most) };
    const metrics = { aggregated: () => undefined };
    this.service = new UsageAggregationService(
      leader as never,
      { state: 'up' } as never,
      usage as never,
      { applyRetention: () => Promise.resolve(0) } as never,
      metrics as never,
    );
  }

  private aggregate(most: number): Promise<number> {
    if (this.failure) return Promise.reject(this.failure);
    this.asked.push(most);
    const minutes = Math.min(most, this.due);
    jest.advanceTimersByTime(minutes * this.minuteMs);
    // The running minute gets further calls.
    this.due = Math.max(this.due - minutes, 1);
    this.term.isOver = this.asked.length >= this.mostQuestions;
    return Promise.resolve(minutes);
  }
}

describe('the aggregation of usage', () => {
  beforeEach(() => {
    Logger.overrideLogger(false);
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('asks once where only the last minute and the running one are due', async () => {
    const subject = new Subject(1);
    await subject.service.aggregate();
    expect(subject.asked).toEqual([2]);
  });

  it('makes up for what was not done, more and more at once', async () => {
    const subject = new Subject(600);
    await subject.service.aggregate();
    expect(subject.asked).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 256]);
  });

  it.each([
    [200, [2, 4, 2, 4]],
    [2_000, [2, 2, 2, 2, 2, 2]],
  ])('asks for less at once where a minute takes %i ms, and for two at least', async (minuteMs, asked) => {
    const subject = new Subject(11, minuteMs);
    await subject.service.aggregate();
    expect(subject.asked).toEqual(asked);
  });

  it('stops when another gateway leads', async () => {
    const subject = new Subject(600);
    subject.mostQuestions = 3;
    await subject.service.aggregate();
    expect(subject.asked).toEqual([2, 4, 8]);
  });

  it('that fails is left to the next minute', async () => {
    const subject = new Subject(1);
    subject.failure = new Error('no');
    await expect(subject.service.aggregate()).resolves.toBeUndefined();
    subject.failure = undefined;
    await subject.service.aggregate();
    expect(subject.asked).toEqual([2]);
  });
});
