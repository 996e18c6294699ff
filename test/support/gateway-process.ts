import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUIET_BACKGROUND } from './quiet-background.js';

/** The test runs from the project's folder, on what `npm test` built. */
const PROJECT = process.cwd();
const NODE = join(PROJECT, 'node_modules', '.bin', 'node');
/** A gateway is started so often here that it pays to remember what it is compiled to. */
const COMPILE_CACHE = join(PROJECT, 'dist', '.compile-cache');
const START_MS = 40_000;

/** The gateway's program, once it listens. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything that it wrote. */
  readonly output: () => string;
  /** The key that it prints on its first start in a data directory. */
  readonly printedKey: () => Promise<string>;
  /** Resolves once its database is up, too. */
  readonly ready: () => Promise<void>;
}

export async function startProcess(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const { process: child, output } = runMain({ PORT: '0', ...env });
  const [, port = ''] = await waitFor(output, child, /GatewayZ listens on http:\/\/localhost:(\d+)/);
  const url = `http://127.0.0.1:${port}`;
  return {
    child,
    url,
    output,
    printedKey: async () => (await waitFor(output, child, /gw_live_[0-9A-Za-z]+/))[0],
    ready: () => eventually(() => isReady(url), START_MS),
  };
}

/** Runs the program with this environment, and none of the test's own. */
export function runMain(env: Readonly<Record<string, string>>): { process: ChildProcess; output: () => string } {
  const child = spawn(NODE, [join(PROJECT, 'dist', 'start.js')], {
    cwd: mkdtempSync(join(tmpdir(), 'gatewayz-cwd-')),
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILE_CACHE, ...QUIET_BACKGROUND, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  return { process: child, output: () => pieces.join('') };
}

/** Asks until the answer is there; fails with the last error when it does not come. */
export async function eventually<T>(ask: () => Promise<T> | T, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function isReady(url: string): Promise<void> {
  const { status } = await fetch(`${url}/health/ready`);
  if (status !== 200) throw new Error(`The gateway is not ready: ${status}`);
}

async function waitFor(output: () => string, child: ChildProcess, pattern: RegExp): Promise<RegExpMatchArray> {
  return eventually(() => {
    const match = output().match(pattern);
    if (match) return match;
    if (child.exitCode !== null) throw new Error(`The gateway ended: ${output()}`);
    throw new Error(`The gateway did not say ${String(pattern)}: ${output().slice(-2000)}`);
  }, START_MS);
}

/** Sends the signal and waits until the process has ended; its exit code. */
export function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve(code);
    });
    child.kill(signal);
  });
}
