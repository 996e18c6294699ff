import { setTimeout as pause } from 'node:timers/promises';

/** Does something, until its signal is aborted if it has one. */
export type Run<Value> = (signal?: AbortSignal) => Promise<Value>;

export interface Hedge<Value> {
  readonly first: Run<Value>;
  /** What to start beside it when it is late; undefined when there is nothing. */
  readonly second: () => Run<Value> | undefined;
  readonly afterMs: number;
}

/**
 * Starts a second run when the first is late. Whichever succeeds first wins, and the other is told to stop.
 * @throws the error of the first run when none succeeds
 */
export async function hedged<Value>({ first, second, afterMs }: Hedge<Value>): Promise<Value> {
  const [ours, theirs, timer] = [new AbortController(), new AbortController(), new AbortController()];
  const running = first(ours.signal);
  const isLate = await Promise.race([
    pause(afterMs, true, { ref: false, signal: timer.signal }).catch(() => false),
    running.then(
      () => false,
      () => false,
    ),
  ]);
  timer.abort();
  const other = isLate ? second() : undefined;
  return other ? firstOf([running, ours], [other(theirs.signal), theirs]) : running;
}

type Racer<Value> = readonly [run: Promise<Value>, controller: AbortController];

async function firstOf<Value>(...racers: readonly Racer<Value>[]): Promise<Value> {
  const wins = racers.map(async ([run, controller]) => ({ value: await run, controller }));
  try {
    const winner = await Promise.any(wins);
    for (const [, controller] of racers) if (controller !== winner.controller) controller.abort();
    return winner.value;
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
