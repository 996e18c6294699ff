import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DirectoryInUseError, lockDirectory, type DirectoryLock } from '../../data-directory/directory-lock.js';
import type { OpenedDatabase } from './postgres-server.js';

/** Longer than a child may take to end. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 50;

/** Whether a database was created here. */
export function isPgliteFolder(folder: string): boolean {
  return existsSync(join(folder, 'PG_VERSION'));
}

/**
 * Waits until nobody else has a database in this directory. When a gateway is killed, its child closes the database
 * while the next gateway starts already.
 */
export async function waitForPglite(folder: string): Promise<DirectoryLock> {
  const directory = dirname(folder);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await lockDirectory(directory, `${basename(folder)}.lock`);
    } catch (error) {
      if (!(error instanceof DirectoryInUseError) || Date.now() > deadline) throw error;
      await pause(RETRY_MS);
    }
  }
}

/**
 * Makes a folder with a database in it. It gets its name when the database is complete, so that one that was
 * interrupted is not taken for a database.
 */
export async function createPgliteFolder(
  folder: string,
  complete: (opened: OpenedDatabase) => Promise<unknown>,
): Promise<void> {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const opened = await openPglite(unfinished);
  await complete(opened);
  await opened.connection.close();
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

export async function openPglite(folder: string): Promise<OpenedDatabase> {
  // Left behind by a killed process; the lock says that nobody else is here.
  rmSync(join(folder, 'postmaster.pid'), { force: true });
  const { createPgliteConnection } = await import('@supabase/lite/pglite');
  return { connection: await createPgliteConnection({ url: folder }), exclusively: (task) => task() };
}
