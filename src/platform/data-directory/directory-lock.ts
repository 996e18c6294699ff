import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';

  constructor(directory: string) {
    super(`Another gateway uses ${directory}. Stop it, or set GATEWAYZ_DATA_DIR to another directory.`);
  }
}

/**
 * Keeps two gateways from opening one database or journal. The lock is a socket that is listened to: the system frees
 * it when the process ends, however it ends, and a file that is left over answers nobody.
 * @throws DirectoryInUseError
 */
export async function lockDirectory(directory: string): Promise<Server> {
  const path = socketPath(directory);
  const lock = (await listen(path)) ?? (await takeOver(path));
  if (!lock) throw new DirectoryInUseError(directory);
  return lock;
}

async function takeOver(path: string): Promise<Server | undefined> {
  if (await answers(path)) return undefined;
  rmSync(path, { force: true });
  return listen(path);
}

/** Short, because the path of a socket may have little more than a hundred bytes. */
function socketPath(directory: string): string {
  const name = `gatewayz-${createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 24)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.lock`);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      resolve(server.unref());
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
