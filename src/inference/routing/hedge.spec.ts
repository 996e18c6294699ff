import { setTimeout as pause } from 'node:timers/promises';
import { hedged, type Run } from './hedge.js';

/** Gives its name after so long, or fails; remembers whether it was told to stop. */
class Runner {
  wasStarted = false;
  wasStopped = false;

  constructor(
    private readonly name: string,
    private readonly afterMs: number,
    private readonly fails = false,
  ) {}

  readonly run: Run<string> = async (signal) => {
    this.wasStarted = true;
    signal?.addEventListener('abort', () => (this.wasStopped = true));
    await pause(this.afterMs, undefined, { signal });
    if (this.fails) throw new Error(`${this.name} failed`);
    return this.name;
  };
}

describe('a hedged call', () => {
  it.each([
    ['the first when it is in time', new Runner('first', 5), 'first', false],
    ['the second when the first is late', new Runner('first', 2_000), 'second', true],
    ['the first when it is late but faster after all', new Runner('first', 60), 'first', true],
    ['the second when the first fails late', new Runner('first', 60, true), 'second', true],
  ])('takes %s', async (...[, first, expected, startsSecond]) => {
    const second = new Runner('second', expected === 'second' ? 20 : 1_000);
    await expect(hedged({ first: first.run, second: () => second.run, afterMs: 40 })).resolves.toBe(expected);
    expect(second.wasStarted).toBe(startsSecond);
    expect(second.wasStopped).toBe(startsSecond && expected === 'first');
    expect(first.wasStopped).toBe(expected === 'second');
  });

  it('starts nothing beside a call that fails in time, and tells of the failure', async () => {
    const second = new Runner('second', 1);
    const first = new Runner('first', 1, true);
    await expect(hedged({ first: first.run, second: () => second.run, afterMs: 40 })).rejects.toThrow('first failed');
    expect(second.wasStarted).toBe(false);
  });

  it('waits for the first when there is nothing to hedge with', async () => {
    const first = new Runner('first', 60);
    await expect(hedged({ first: first.run, second: () => undefined, afterMs: 10 })).resolves.toBe('first');
  });

  it('fails as the first did when both fail', async () => {
    const [first, second] = [new Runner('first', 60, true), new Runner('second', 20, true)];
    await expect(hedged({ first: first.run, second: () => second.run, afterMs: 10 })).rejects.toThrow('first failed');
  });
});
