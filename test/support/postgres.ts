import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';

/** A throw-away PostgreSQL on a free port of this machine. */
export interface Postgres {
  readonly url: string;
  /** `kill -9` of the server and all its processes. */
  kill(): Promise<void>;
  /** Again, on the same port and with what it had. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where PostgreSQL's programs are, or undefined on a machine without them. In CI that is a failure. */
export function findPostgres(): string | undefined {
  const [newest] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = newest === undefined ? undefined : join(DEBIAN, newest, 'bin');
  if (folder && existsSync(join(folder, 'initdb'))) return folder;
  if (process.env['CI'] === 'true') throw new Error('PostgreSQL is missing: .ci/run installs it.');
  process.stderr.write('PostgreSQL is not installed: tests that need it are skipped.\n');
  return undefined;
}

/** Pass a port to have the server appear where somebody already looks for it. */
export async function startPostgres(bin: string, port?: number): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const listenOn = port ?? (await freePort());
  // It refuses to run as root.
  const isRoot = userInfo().uid === 0;
  const as = (...command: string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', ...command]] : [command[0] ?? '', command.slice(1)];
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const initdb = as(join(bin, 'initdb'), '-D', data, '-U', 'gatewayz', '--auth=trust', '--no-sync');
  execFileSync(...initdb, { stdio: 'ignore', cwd: '/' });
  const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`];
  const command = as(join(bin, 'postgres'), '-D', data, '-p', String(listenOn), ...settings);
  let server = await launch(command);
  return {
    url: `postgres://gatewayz@127.0.0.1:${listenOn}/postgres`,
    kill: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      process.kill(postmasterOf(data), 'SIGKILL');
      await ended;
    },
    restart: async () => {
      // Its processes notice that it is gone a moment later, and until then they hold its memory.
      rmSync(join(data, 'postmaster.pid'), { force: true });
      server = await patiently(() => launch(command));
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      execFileSync(...as(join(bin, 'pg_ctl'), '-D', data, '-m', 'immediate', 'stop'), { stdio: 'ignore', cwd: '/' });
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch([program, words]: [string, string[]]): Promise<ChildProcess> {
  const server = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (piece: Buffer) => {
      if (piece.includes('ready to accept connections')) resolve();
    });
    server.once('exit', (code) => {
      reject(new Error(`PostgreSQL ended with ${code ?? 'a signal'}.`));
    });
  });
  return server;
}

function postmasterOf(data: string): number {
  const [line = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  return Number(line);
}

async function patiently<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
