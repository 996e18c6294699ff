import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Lets all others go before a process where processors are short. Linux has a priority for each thread, so those that
 * collect a process's garbage and compile its code are told as well; new threads take over that of their makers.
 */
export function putInBackground(pid: number): void {
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // It has just ended.
    }
  }
}

/** Where threads cannot be told apart, the process stands for them. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}
