import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './postgres.js';

/** A throw-away Redis on a free port of this machine, which keeps what it is told when it is killed. */
export interface RedisServer {
  readonly url: string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Again, on the same port and with what it had. */
  restart(): Promise<void>;
  /** For so long it answers nobody. */
  freeze(forMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Whether this machine has Redis. In CI its absence is a failure. */
export function hasRedis(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  if (process.env['CI'] === 'true') throw new Error('Redis is missing: .ci/run installs it.');
  process.stderr.write('Redis is not installed: tests that need it are skipped.\n');
  return false;
}

export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let server = await launch(folder, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end(server, 'SIGKILL'),
    restart: async () => {
      server = await launch(folder, port);
    },
    freeze: async (forMs) => {
      server.kill('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, forMs));
      server.kill('SIGCONT');
    },
    stop: async () => {
      await end(server, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
  ];
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    server.stdout.on('data', (piece: Buffer) => {
      if (piece.includes('Ready to accept connections')) resolve();
    });
    server.once('exit', (code) => {
      reject(new Error(`Redis ended with ${code ?? 'a signal'}.`));
    });
  });
  return server;
}

function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => {
      resolve();
    });
    server.kill(signal);
  });
}
