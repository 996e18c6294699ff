import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUIET_BACKGROUND } from './quiet-background.js';

/** The test runs from the project's folder, on what `npm test` built. */
const PROJECT = process.cwd();
const NODE = join(PROJECT, 'node_modules', '.bin', 'node');
const START_MS = 40_000;

/** A gateway in a process of its own, as an operator runs it. */
export interface Gateway {
  readonly url: string;
  /** The key that was printed on the first start of this data directory. */
  readonly key: string;
  readonly dataDirectory: string;
  readonly pid: number;
  /** Everything that it wrote. */
  logs(): string;
  /** SIGTERM, and waits until it has ended; its exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Another one with the same settings, on what this one left. */
  restart(): Promise<Gateway>;
  /** `kill -9` of the process of its embedded database. */
  killDatabase(): void;
  call(path: string, init?: RequestInit): Promise<Response>;
  chat(body: object, init?: RequestInit): Promise<Response>;
}

export interface GatewayOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** To start again on what an earlier gateway left. */
  readonly after?: Pick<Gateway, 'dataDirectory' | 'key'>;
  /** Its database will come up later: do not wait for it. */
  readonly isDatabaseLate?: boolean;
}

export async function startGateway({ env = {}, after, isDatabaseLate }: GatewayOptions = {}): Promise<Gateway> {
  const dataDirectory = after?.dataDirectory ?? mkdtempSync(join(tmpdir(), 'gatewayz-test-'));
  const { process: child, output } = runMain({ PORT: '0', GATEWAYZ_DATA_DIR: dataDirectory, ...env });
  const [, port = ''] = await waitFor(output, child, /GatewayZ listens on http:\/\/localhost:(\d+)/);
  const key = after?.key ?? (await waitFor(output, child, /gw_live_[0-9A-Za-z]+/))[0];
  const url = `http://127.0.0.1:${port}`;
  if (!isDatabaseLate) await eventually(() => isReady(url), START_MS);
  const call = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${key}`, ...headersOf(init) } });
  return {
    url,
    key,
    dataDirectory,
    pid: child.pid ?? 0,
    logs: output,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
    restart: () => startGateway({ env, after: { dataDirectory, key }, isDatabaseLate: true }),
    killDatabase: () => {
      const [database] = childrenOf(child.pid);
      // It may be just starting another.
      if (database !== undefined) process.kill(database, 'SIGKILL');
    },
    call,
    chat: (body, init = {}) =>
      call('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...headersOf(init) },
      }),
  };
}

/** Runs the program with this environment, and none of the test's own. */
export function runMain(env: Readonly<Record<string, string>>): { process: ChildProcess; output: () => string } {
  const child = spawn(NODE, [join(PROJECT, 'dist', 'main.js')], {
    cwd: mkdtempSync(join(tmpdir(), 'gatewayz-cwd-')),
    env: { PATH: process.env['PATH'] ?? '', ...QUIET_BACKGROUND, ...env },
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

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve(code);
    });
    child.kill(signal);
  });
}

export function childrenOf(pid = 0): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function headersOf(init: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(init.headers).entries());
}
