import { join } from 'node:path';

/** A young generation that fits into the processor's cache, and an old one that is collected before it has doubled. */
const V8_FLAGS = ['--max-semi-space-size=6', '--heap-growing-percent=20'];
/**
 * glibc keeps what V8's compiler threads gave back, in an arena for each thread; so it has two of them, and gives back
 * what lies free at their ends.
 */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '262144', MALLOC_MMAP_THRESHOLD_: '1048576' };

const MAIN = join(import.meta.dirname, 'main.js');

/** Node has it where the system has; its types do not know it yet. */
interface Replaceable {
  readonly execve?: (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;
}

/**
 * Where the gateway begins: memory is decided about before a process runs, so this one replaces itself by one for which
 * it is. Who gives flags or variables of their own is heeded. Measured in docs/decisions/0007-memory.md.
 */
const self: Replaceable = process;
self.execve?.(process.execPath, [process.execPath, ...V8_FLAGS, ...process.execArgv, MAIN], {
  ...MALLOC,
  ...process.env,
});
await import('./main.js');
