import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChildMessage, DatabaseSource, StartMessage } from './child-messages.js';

const START_DEADLINE_MS = 60_000;
const END_DEADLINE_MS = 10_000;
const CHILD_ENVIRONMENT = {
  // Lite's command line reports its use; we do not run it, and say no all the same.
  LITE_TELEMETRY: '0',
  DO_NOT_TRACK: '1',
  // Compiled code is kept for the next start, which is a third faster for it.
  NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
};
/** The child serves one call at a time: a small young generation keeps its memory down. */
const NODE_OPTIONS = ['--max-semi-space-size=2'];

export interface EmbeddedOptions {
  readonly source: DatabaseSource;
  readonly childPath: string;
  readonly migrationsFolder: string;
  readonly jwtSecret: string;
}

/** Where a running child is reached. */
export interface SupabaseAddress {
  readonly url: string;
  readonly secretKey: string;
}

/** Who wants to know what becomes of a child. */
export interface ChildWatcher {
  /** The child said something. */
  readonly onLine: (line: string) => void;
  /** It ended by itself after it had been ready. */
  readonly onExit: () => void;
}

interface Launch {
  readonly child: ChildProcess;
  readonly secretKey: string;
  /** What the child achieved: it rejects when that is nothing. */
  readonly outcome: Promise<Exclude<ChildMessage, { type: 'failed' }>>;
}

/** Supabase in a child process: started, watched, and ended with us. */
export class EmbeddedSupabase {
  private child: ChildProcess | undefined;
  private first: Launch | undefined;

  constructor(private readonly options: EmbeddedOptions) {}

  /** Starts the child while its parent is still loading. */
  begin(): void {
    this.first = this.launch();
    // Told to whoever calls `start`.
    this.first.outcome.catch(() => undefined);
  }

  /** The child's process id, while it runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Starts the child and resolves once it serves. To create a database takes twice the memory that it needs from then
   * on, so a child that did that is followed by another.
   * @throws Error when it cannot start, or when it was stopped meanwhile
   */
  async start(watcher: ChildWatcher): Promise<SupabaseAddress> {
    let launch = this.first ?? this.launch();
    this.first = undefined;
    listenToOutput(launch.child, watcher);
    let outcome = await launch.outcome;
    if (outcome.type === 'created') {
      await ended(launch.child);
      if (this.child !== launch.child) throw new Error('The embedded database was stopped while it was created.');
      launch = this.launch();
      listenToOutput(launch.child, watcher);
      outcome = await launch.outcome;
    }
    if (outcome.type === 'created') throw new Error('The embedded database cannot be found after it was created.');
    this.watch(launch.child, watcher);
    // Once it serves, what it does is in the background: where processors are short, requests go first. This is its first
    // thread alone: those that collect its garbage are waited for, by it and so by whoever asks it.
    const { pid } = launch.child;
    if (pid !== undefined && !hasEnded(launch.child)) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
    return { url: `http://127.0.0.1:${outcome.port}`, secretKey: launch.secretKey };
  }

  /** Ends the child after it closed its database. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    this.first = undefined;
    if (!child || hasEnded(child)) return;
    const impatience = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS);
    if (child.connected) child.disconnect();
    await ended(child);
    clearTimeout(impatience);
  }

  private launch(): Launch {
    const { source, childPath, migrationsFolder, jwtSecret } = this.options;
    const child = fork(childPath, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: NODE_OPTIONS,
      env: CHILD_ENVIRONMENT,
    });
    this.child = child;
    const outcome = outcomeOf(child);
    const secretKey = `sb_secret_${randomBytes(32).toString('base64url')}`;
    const start: StartMessage = { source, migrationsFolder, secretKey, jwtSecret };
    child.send(start);
    return { child, secretKey, outcome };
  }

  private watch(child: ChildProcess, watcher: ChildWatcher): void {
    const tell = (): void => {
      // One that we stopped ourselves is no news.
      if (this.child === child) watcher.onExit();
    };
    if (hasEnded(child)) tell();
    else child.once('exit', tell);
  }
}

function outcomeOf(child: ChildProcess): Launch['outcome'] {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(deadline);
      child.kill('SIGKILL');
      reject(new Error(reason));
    };
    const deadline = setTimeout(() => {
      fail('The embedded database did not start in time.');
    }, START_DEADLINE_MS);
    // Also of a channel that breaks later: a child that cannot be told to end must not be left alone.
    child.on('error', (error) => {
      fail(`The embedded database cannot be reached by its parent: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      fail(`The embedded database ended while it started (${signal ?? code ?? 'unknown'}).`);
    });
    child.once('message', (message: ChildMessage) => {
      if (message.type === 'failed') {
        fail(message.reason);
        return;
      }
      clearTimeout(deadline);
      resolve(message);
    });
  });
}

function listenToOutput(child: ChildProcess, { onLine }: ChildWatcher): void {
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface({ input: output }).on('line', onLine);
  }
}

/** A child that could not even be started has no id, and never ends. */
function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit');
}
