import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { linkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The path of a socket may have little more than a hundred bytes, and ours gets a suffix at first. */
const LONGEST_SOCKET_PATH = 90;
/** Longer than a process needs from one system call to the next. */
const SETTLE_MS = 50;
const ANSWER_DEADLINE_MS = 1_000;

export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';

  constructor(directory: string) {
    super(`Another gateway uses ${directory}. Stop it, or set GATEWAYZ_DATA_DIR to another directory.`);
  }
}

/**
 * Keeps two processes from opening one database or journal. The lock is a socket that is listened to: the system frees
 * it when the process ends, however it ends, and a file that is left over answers nobody. It lies in the directory
 * itself, so that containers which share a volume see each other.
 * @param name of the lock, where a directory has several
 * @throws DirectoryInUseError
 */
export async function lockDirectory(directory: string, name = 'lock'): Promise<DirectoryLock> {
  const root = realpathSync(directory);
  const lock = (await lockInside(root, name)) ?? (await lockOutside(root, name));
  if (lock === 'held') throw new DirectoryInUseError(directory);
  return lock;
}

export class DirectoryLock {
  constructor(
    private readonly server: Server,
    private readonly path: string,
  ) {}

  release(): void {
    rmSync(this.path, { force: true });
    this.server.close();
  }
}

/** Undefined where the directory cannot hold a socket: its name is too long, or its file system has none. */
async function lockInside(root: string, name: string): Promise<DirectoryLock | 'held' | undefined> {
  const path = join(root, name);
  if (process.platform === 'win32' || path.length > LONGEST_SOCKET_PATH) return undefined;
  return take(path).catch(() => undefined);
}

async function lockOutside(root: string, name: string): Promise<DirectoryLock | 'held'> {
  const digest = createHash('sha256').update(join(root, name)).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return takePipe(`\\\\.\\pipe\\gatewayz-${digest}`);
  return take(join(tmpdir(), `gatewayz-${digest}.lock`));
}

/** Windows removes a pipe with the process that listens to it. */
async function takePipe(path: string): Promise<DirectoryLock | 'held'> {
  try {
    return new DirectoryLock(await listen(path, ''), path);
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE')) return 'held';
    throw error;
  }
}

/**
 * The socket gets the lock's name once it answers. Of two who find the same name left over, the later takes it from the
 * earlier, who sees that when he looks again.
 */
async function take(path: string): Promise<DirectoryLock | 'held'> {
  const holder = randomBytes(4).toString('hex');
  const server = await listen(`${path}.${holder}`, holder);
  const lock = new DirectoryLock(server, path);
  if (claim(path, holder)) return lock;
  if ((await holderOf(path)) === undefined) {
    renameSync(`${path}.${holder}`, path);
    await pause(SETTLE_MS);
    if ((await holderOf(path)) === holder) return lock;
  }
  server.close();
  return 'held';
}

/** False when there is such a name. */
function claim(path: string, holder: string): boolean {
  try {
    linkSync(`${path}.${holder}`, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  rmSync(`${path}.${holder}`, { force: true });
  return true;
}

async function listen(path: string, holder: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).end(holder);
  });
  server.listen(path);
  await once(server, 'listening');
  return server.unref();
}

/** Who listens there; undefined when nobody does, and empty when somebody does who is too busy to say. */
async function holderOf(path: string): Promise<string | undefined> {
  const socket = connect(path).setEncoding('utf8');
  let answer = '';
  socket.on('data', (piece: string) => (answer += piece));
  try {
    await once(socket, 'connect');
    await once(socket, 'end', { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) });
  } catch (error) {
    if (!hasCode(error, 'ABORT_ERR')) return undefined;
  } finally {
    socket.destroy();
  }
  return answer;
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
