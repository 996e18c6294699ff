import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Bodies on their way lie outside the heap, and do not make it full. Node 22 does not know the flag, and a process ends that
 * is given one it does not know.
 */
const BODIES_APART =
  Number.parseInt(process.versions.node, 10) >= 24 ? ['--external-memory-accounted-in-global-limit'] : [];
/**
 * A young generation that fits into the processor's cache and always has its full size, and an old one that is collected
 * before it has doubled. And no collection just because there is little to do: it throws away the shapes of all objects
 * that are gone, and with them the optimised code of the whole way of a call. No kind of object is made old from the start,
 * because many of its kind once lived long: what is made of it later dies young, and holds all of its call until the
 * next full collection. Of V8's two optimising compilers the second alone: what the first makes is soon thrown away for
 * it, and takes 17 MB.
 */
const V8_FLAGS = [
  '--min-semi-space-size=8',
  '--max-semi-space-size=8',
  '--heap-growing-percent=60',
  '--no-memory-reducer',
  '--no-allocation-site-pretenuring',
  '--no-maglev',
  ...BODIES_APART,
];
/**
 * glibc keeps what V8's compiler threads gave back, in an arena for each thread; so it has two of them, and gives back
 * what lies free at their ends.
 */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '262144', MALLOC_MMAP_THRESHOLD_: '1048576' };

/** main.js and all that it loads, packed by scripts/bundle.mjs. */
const MAIN = join(import.meta.dirname, 'gateway', 'main.js');

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
await import(pathToFileURL(MAIN).href);
