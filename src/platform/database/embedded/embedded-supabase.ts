import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
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
  readonly readiness: Promise<{ port: number; isNew: boolean }>;
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
    this.first.readiness.catch(() => undefined);
  }

  /** The child's process id, while it runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Starts the child and resolves once it serves. One that had to create its database is started a second time: it
   * holds twice the memory that it needs from then on.
   * @throws Error when it cannot start
   */
  async start(watcher: ChildWatcher): Promise<SupabaseAddress> {
    const first = this.first ?? this.launch();
    this.first = undefined;
    const { address, isNew } = await this.watched(first, watcher);
    if (!isNew) return address;
    await this.stop();
    return (await this.watched(this.launch(), watcher)).address;
  }

  /** Ends the child after it closed its database. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const impatience = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS);
    child.disconnect();
    await ended;
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
    // What it does is in the background: where processors are short, requests go first.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const secretKey = `sb_secret_${randomBytes(32).toString('base64url')}`;
    const start: StartMessage = { source, migrationsFolder, secretKey, jwtSecret };
    child.send(start);
    return { child, secretKey, readiness: readiness(child) };
  }

  private async watched(launch: Launch, watcher: ChildWatcher): Promise<{ address: SupabaseAddress; isNew: boolean }> {
    const { child, secretKey } = launch;
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface({ input: output }).on('line', watcher.onLine);
    }
    const { port, isNew } = await launch.readiness;
    child.once('exit', () => {
      // One that we stopped ourselves is no news.
      if (this.child === child) watcher.onExit();
    });
    return { address: { url: `http://127.0.0.1:${port}`, secretKey }, isNew };
  }
}

function readiness(child: ChildProcess): Promise<{ port: number; isNew: boolean }> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(deadline);
      child.kill('SIGKILL');
      reject(new Error(reason));
    };
    const deadline = setTimeout(() => {
      fail('The embedded database did not start in time.');
    }, START_DEADLINE_MS);
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
