import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectory } from './data-directory.js';
import { DirectoryInUseError, lockDirectory, type DirectoryLock } from './directory-lock.js';

const DEEP = Array.from({ length: 12 }, () => 'a-long-name');

describe('a data directory', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gatewayz-directory-'));
  });

  it('is made for its owner alone', async () => {
    const path = join(root, 'new', 'deep');
    const directory = await DataDirectory.open(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(directory.path('journal', '1')).toBe(join(path, 'journal', '1'));
    directory.onApplicationShutdown();
  });

  it('keeps a secret that nobody else may read', async () => {
    const directory = await DataDirectory.open(root);
    const secret = directory.secret('pepper');
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(directory.secret('pepper')).toBe(secret);
    expect(directory.secret('jwt')).not.toBe(secret);
    expect(readFileSync(join(root, 'secrets', 'pepper'), 'utf8')).toBe(secret);
    expect(statSync(join(root, 'secrets', 'pepper')).mode & 0o777).toBe(0o600);
    directory.onApplicationShutdown();
  });

  it.each([
    ['in a short path', []],
    ['in a path that is too long for a socket', DEEP],
  ])('has one gateway at a time, %s', async (_where, folders) => {
    const path = join(root, ...folders);
    const first = await DataDirectory.open(path);
    const second = DataDirectory.open(path);
    await expect(second).rejects.toBeInstanceOf(DirectoryInUseError);
    await expect(second).rejects.toThrow(path);
    first.onApplicationShutdown();
    (await DataDirectory.open(path)).onApplicationShutdown();
  });

  it.each([
    ['in a short path', []],
    ['in a path that is too long for a socket', DEEP],
  ])('is free again after a gateway was killed, %s', async (_where, folders) => {
    const path = join(root, ...folders);
    mkdirSync(path, { recursive: true });
    const holder = await spawnHolder(path);
    await expect(DataDirectory.open(path)).rejects.toBeInstanceOf(DirectoryInUseError);
    await kill(holder);
    (await DataDirectory.open(path)).onApplicationShutdown();
  });

  it('goes to one of many who find a lock left over', async () => {
    await kill(await spawnHolder(root));
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(root)));
    const locks = attempts.filter(
      (attempt): attempt is PromiseFulfilledResult<DirectoryLock> => attempt.status === 'fulfilled',
    );
    expect(locks).toHaveLength(1);
    await expect(lockDirectory(root)).rejects.toBeInstanceOf(DirectoryInUseError);
    locks[0]?.value.release();
  });

  it('has locks that do not know of each other', async () => {
    const [one, other] = await Promise.all([lockDirectory(root), lockDirectory(root, 'database.lock')]);
    one.release();
    other.release();
  });
});

/** Another process that holds the lock. */
async function spawnHolder(path: string): Promise<ChildProcess> {
  const module = join(process.cwd(), 'dist', 'platform', 'data-directory', 'data-directory.js');
  const script = `
    import { DataDirectory } from ${JSON.stringify(module)};
    await DataDirectory.open(process.argv[1]);
    process.stdout.write('held');
    setInterval(() => undefined, 1000);
  `;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return holder;
}

async function kill(holder: ChildProcess): Promise<void> {
  holder.kill('SIGKILL');
  await once(holder, 'exit');
}
