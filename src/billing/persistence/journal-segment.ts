import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The file that is being appended to. Appending is one synchronous system call: it only copies the line into the
 * system's memory, which outlives the process, and costs an eighth of handing it to another thread. To outlive the
 * machine as well, `append` waits for the disk; all lines that come while it is busy share its next turn.
 */
export class JournalSegment {
  private readonly descriptor: number;
  private size = 0;
  private waiting: Waiter[] = [];
  private isSyncing = false;
  private onIdle: (() => void) | undefined;

  constructor(
    path: string,
    private readonly isSyncedToDisk: boolean,
  ) {
    this.descriptor = openSync(path, 'a', 0o600);
  }

  /** Bytes. */
  get length(): number {
    return this.size;
  }

  /** The line is safe when this returns, or when the promise that it returns resolves. @throws Error of the file system */
  append(text: string): Promise<void> | undefined {
    const bytes = Buffer.from(text);
    // A write may take fewer bytes than it was given.
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    this.size += bytes.length;
    return this.isSyncedToDisk ? this.synced() : undefined;
  }

  /** Takes no more lines; resolves once those before it are safe. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.onIdle = () => {
        closeSync(this.descriptor);
        resolve();
      };
      if (!this.isSyncing) this.onIdle();
    });
  }

  private synced(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      if (!this.isSyncing) this.sync();
    });
  }

  private sync(): void {
    const served = this.waiting;
    this.waiting = [];
    this.isSyncing = true;
    fdatasync(this.descriptor, (error) => {
      for (const { resolve, reject } of served) {
        if (error) reject(error);
        else resolve();
      }
      this.isSyncing = false;
      if (this.waiting.length > 0) this.sync();
      else this.onIdle?.();
    });
  }
}
