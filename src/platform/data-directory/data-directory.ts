import type { OnApplicationShutdown } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockDirectory, type DirectoryLock } from './directory-lock.js';

/** The folder of this gateway alone: the embedded database, the journal, and secrets that it made for itself. */
export class DataDirectory implements OnApplicationShutdown {
  private constructor(
    private readonly root: string,
    private readonly lock: DirectoryLock,
  ) {}

  /** @throws DirectoryInUseError */
  static async open(path: string): Promise<DataDirectory> {
    const root = resolve(path);
    mkdirSync(root, { recursive: true, mode: 0o700 });
    return new DataDirectory(root, await lockDirectory(root));
  }

  path(...segments: string[]): string {
    return join(this.root, ...segments);
  }

  /** A random secret that is made on the first call and the same ever after. */
  secret(name: string): string {
    const path = this.path('secrets', name);
    if (existsSync(path)) return readFileSync(path, 'utf8');
    mkdirSync(this.path('secrets'), { recursive: true, mode: 0o700 });
    const secret = randomBytes(32).toString('base64url');
    // On the disk before it has its name: an empty secret after a power cut would be as bad as none.
    writeFileSync(`${path}.new`, secret, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
    return secret;
  }

  onApplicationShutdown(): void {
    this.lock.release();
  }
}
